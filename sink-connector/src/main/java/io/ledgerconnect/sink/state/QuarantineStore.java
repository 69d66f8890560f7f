package io.ledgerconnect.sink.state;

import io.ledgerconnect.common.position.Lsn;
import io.ledgerconnect.sink.database.Transaction;
import io.ledgerconnect.sink.read.Change;
import io.ledgerconnect.sink.read.Origins;
import io.ledgerconnect.sink.write.Refusal;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** Keeps records that could not be written, whole, in the transaction that counts them as applied. */
public final class QuarantineStore {
    private static final String STORE = """
            INSERT INTO ledger_connect.quarantine (pipeline, source, channel, target, topic, partition, kafka_offset,
                position, lsn, ordinal, key, value, reason, sqlstate)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?::pg_lsn, ?, ?::json, ?::json, ?, ?)""";

    private final String pipeline;

    public QuarantineStore(String pipeline) {
        this.pipeline = pipeline;
    }

    public void store(Transaction transaction, List<Refusal> refusals) throws SQLException {
        if (refusals.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = transaction.prepare(STORE)) {
            for (Refusal refusal : refusals) {
                add(statement, refusal, !transaction.isUnicode());
            }
            statement.executeBatch();
        }
    }

    private void add(PreparedStatement statement, Refusal refusal, boolean ascii) throws SQLException {
        Change change = refusal.change();
        String server = refusal.serverMessage();
        new Parameters(statement)
                .add(pipeline)
                .add(change.channel().source().toString())
                .add(change.channel().table())
                .add(refusal.table().toString())
                .add(Origins.topic(change.record()))
                .add(Origins.partition(change.record()))
                .add(Origins.offset(change.record()))
                .add(change.header().encode())
                .add(Lsn.format(change.position().commitLsn()))
                .add(change.position().ordinal())
                .add(JsonText.of(change.record().key(), ascii))
                .add(JsonText.of(change.record().value(), ascii))
                .add(server == null ? refusal.reason() : refusal.reason() + ": " + server)
                .add(refusal.sqlState());
        statement.addBatch();
    }
}
