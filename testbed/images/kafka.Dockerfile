ARG BASE
FROM ${BASE}
COPY libs /opt/kafka/libs
COPY kafka-run.sh /etc/kafka/docker/run
COPY log4j2.yaml /etc/kafka/docker/log4j2.yaml
COPY log4j2.yaml /etc/kafka/docker/tools-log4j2.yaml
RUN useradd --create-home appuser && \
    mkdir -p /opt/kafka/config /var/lib/kafka/data /mnt/shared/config && \
    touch /etc/kafka/docker/server.properties /opt/kafka/config/server.properties && \
    chown -R appuser /opt/kafka/config /var/lib/kafka /mnt/shared/config
USER appuser
VOLUME ["/var/lib/kafka/data", "/mnt/shared/config"]
CMD ["sh", "/etc/kafka/docker/run"]
