package io.ledgerconnect.sink.database;

import java.util.HashSet;
import java.util.Set;
import org.postgresql.PGConnection;

/** What lives as long as a server session: its temporary tables. */
final class Session {
    private final PGConnection raw;
    private final Set<String> temporaryTables = new HashSet<>();

    Session(PGConnection raw) {
        this.raw = raw;
    }

    PGConnection raw() {
        return raw;
    }

    Set<String> temporaryTables() {
        return temporaryTables;
    }
}
