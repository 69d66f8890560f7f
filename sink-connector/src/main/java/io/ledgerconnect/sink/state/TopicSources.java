package io.ledgerconnect.sink.state;

import io.ledgerconnect.sink.database.Database;
import io.ledgerconnect.sink.database.Transaction;
import io.ledgerconnect.sink.read.ForeignRecords;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;

/** Reads from the reporting store whose records each topic has brought to a pipeline. */
public final class TopicSources implements ForeignRecords.TopicSources {
    private static final String FIND =
            "SELECT DISTINCT source FROM ledger_connect.channel WHERE pipeline = ? AND topic = ?";

    private final Database database;
    private final String pipeline;

    public TopicSources(Database database, String pipeline) {
        this.database = database;
        this.pipeline = pipeline;
    }

    @Override
    public Set<String> of(String topic) throws SQLException {
        Set<String> sources = new HashSet<>();
        try (Transaction transaction = database.begin();
                PreparedStatement statement = transaction.prepare(FIND)) {
            new Parameters(statement).add(pipeline).add(topic);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    sources.add(row.getString(1));
                }
            }
        }
        return sources;
    }
}
