package io.ledgerconnect.cli.connection;

import java.util.Optional;

/** Finds a value where it may be given: by an option, a variable, or a connector's configuration, in this order. */
record Given(Environment environment, Optional<ConnectorSettings> settings) {

    Optional<String> value(String given, String option, String variable, String setting) {
        return Optional.ofNullable(given)
                .or(() -> Optional.ofNullable(environment.get(variable)))
                .or(() -> settings.flatMap(of -> of.resolved(setting, option + " or " + variable)));
    }
}
