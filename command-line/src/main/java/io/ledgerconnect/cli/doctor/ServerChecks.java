package io.ledgerconnect.cli.doctor;

import java.util.Map;

/** What a database server must not be, whichever of the two it is. */
final class ServerChecks {
    private ServerChecks() {}

    /** @param server its settings {@code fsync} and {@code full_page_writes}, and whether it is a {@code standby} */
    static void durable(String subject, Map<String, String> server, Diagnosis diagnosis) {
        for (String setting : new String[] {"fsync", "full_page_writes"}) {
            if (server.get(setting).equals("off")) {
                diagnosis.problem(
                        subject,
                        setting
                                + "=off: after a crash of the machine its data may be gone or torn, and no capture brings it"
                                + " back.",
                        "ALTER SYSTEM SET " + setting + " = on; SELECT pg_reload_conf();");
            }
        }
        if (server.get("standby").equals("t")) {
            diagnosis.problem(
                    subject,
                    "The server is a standby, which cannot be written to: after a failover the address still leads to the"
                            + " former primary, or to a replica.",
                    "Let the address lead to the primary; with several hosts add targetServerType=primary.");
        }
    }
}
