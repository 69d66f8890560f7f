# What the testbed asks of the official image: /mnt/shared/config/server.properties, CLUSTER_ID, KAFKA_HEAP_OPTS and
# KAFKA_* for further properties, all read by the class that the official image uses too; and a broker that is the
# container's first process.
export CLUSTER_ID="${CLUSTER_ID:-4L6g3nShT-eMCtK--X86sw}"
export CLASSPATH='/opt/kafka/libs/*'

if ! result=$(java kafka.docker.KafkaDockerWrapper setup --default-configs-dir /etc/kafka/docker \
  --mounted-configs-dir /mnt/shared/config --final-configs-dir /opt/kafka/config 2>&1); then
  echo "$result"
  echo "$result" | grep -q "already formatted" || exit 1
fi

exec java ${KAFKA_HEAP_OPTS:-} -Dlog4j2.configurationFile=/opt/kafka/config/log4j2.yaml \
  kafka.Kafka /opt/kafka/config/server.properties
