# Sourced: builds our source plugin, fetches Debezium's unless ALONE is set, and says where both are and how to run.
debezium_version=${DEBEZIUM_VERSION:-3.7.0.Final}
work=benchmarks/target/run
ours=$work/ours
debezium=$work/debezium
echo "Building the plugins ..."
mvn -B -q -Dmaven.test.skip=true -Dspotless.check.skip=true -pl benchmarks,source-connector -am package \
    dependency:build-classpath -Dmdep.outputFile=target/classpath.txt -Dmdep.includeScope=runtime
rm -rf "$ours"
mkdir -p "$ours" "$debezium"
(cd "$ours" && jar xf ../../../../source-connector/target/ledger-connect-source-*.zip)
if [ -n "${ALONE:-}" ]; then
    debezium=-
elif [ ! -d "$debezium/debezium-connector-postgres" ]; then
    echo "Fetching Debezium's connector $debezium_version ..."
    mvn -B -q dependency:copy -Dartifact="io.debezium:debezium-connector-postgres:$debezium_version:tar.gz:plugin" \
        -DoutputDirectory="$work"
    tar -xzf "$work/debezium-connector-postgres-$debezium_version-plugin.tar.gz" -C "$debezium"
fi
class_path="benchmarks/target/classes:$(cat benchmarks/target/classpath.txt)"
