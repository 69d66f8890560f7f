package io.ledgerconnect.testbed;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A connector that a worker has found on its plugin path.
 *
 * @param className the connector's class
 * @param type {@code source} or {@code sink}
 * @param version the version that the connector states
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ConnectorPlugin(@JsonProperty("class") String className, String type, String version) {}
