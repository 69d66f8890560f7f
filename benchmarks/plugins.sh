# Sourced: builds our plugins unless BUILT is set, and says where they are and how to run. fetch_debezium fetches one of
# Debezium's unless ALONE is set.
debezium_version=${DEBEZIUM_VERSION:-3.7.0.Final}
# The newest that is there as a plugin archive.
debezium_jdbc_version=${DEBEZIUM_JDBC_VERSION:-3.6.0.Final}
work=benchmarks/target/run
ours=$work/ours
if [ -z "${BUILT:-}" ]; then
    echo "Building the plugins ..."
    mvn -B -q -Dmaven.test.skip=true -Dspotless.check.skip=true \
        -pl benchmarks,source-connector,sink-connector,command-line -am package \
        dependency:build-classpath -Dmdep.outputFile=target/classpath.txt -Dmdep.includeScope=runtime
    rm -rf "$ours"
    mkdir -p "$ours"
    (cd "$ours" && jar xf ../../../../source-connector/target/ledger-connect-source-*.zip)
    (cd "$ours" && jar xf ../../../../sink-connector/target/ledger-connect-sink-*.zip)
fi

# fetch_debezium CONNECTOR VERSION: unpacks debezium-connector-CONNECTOR and sets debezium to the directory that holds it.
fetch_debezium() {
    if [ -n "${ALONE:-}" ]; then
        debezium=-
        return
    fi
    debezium=$work/debezium-$1-$2
    if [ ! -d "$debezium" ]; then
        echo "Fetching Debezium's connector $1 $2 ..."
        mvn -B -q dependency:copy -Dartifact="io.debezium:debezium-connector-$1:$2:tar.gz:plugin" \
            -DoutputDirectory="$work"
        mkdir -p "$debezium.part"
        tar -xzf "$work/debezium-connector-$1-$2-plugin.tar.gz" -C "$debezium.part"
        mv "$debezium.part" "$debezium"
    fi
}

# run_benchmark CLASS ARGUMENT...: with the JVM options in $options, one a word. RESULT names the file of its figures.
run_benchmark() {
    class=$1
    shift
    # shellcheck disable=SC2086
    java ${options:-} ${RESULT:+"-Dresult=$RESULT"} ${QUICK:+-Dquick=true} \
        -Dresults="${RESULTS:-benchmarks/target/alone}" \
        -Dcommit="$(git rev-parse --short HEAD 2>/dev/null || echo unknown)" \
        -Ddebezium.version="$debezium_version" -Ddebezium.jdbc.version="$debezium_jdbc_version" \
        -cp "benchmarks/target/classes:$(cat benchmarks/target/classpath.txt)" \
        "io.ledgerconnect.benchmarks.$class" "$@"
}
