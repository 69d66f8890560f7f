package io.ledgerconnect.sink.write;

import io.ledgerconnect.common.type.BinaryWriter;
import io.ledgerconnect.sink.database.Transaction;
import io.ledgerconnect.sink.enrich.Enricher;
import io.ledgerconnect.sink.read.Change;
import io.ledgerconnect.sink.target.RefusedException;
import io.ledgerconnect.sink.target.TablePlan;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** Writes changes to an upsert table: reduced per key, staged by COPY, merged by one statement. */
final class UpsertWriter {
    private static final byte WHOLE = 'u';
    private static final byte PARTIAL = 'p';
    private static final byte DELETE = 'd';

    private final BinaryCopy copy;
    private final String pipeline;
    private final Enricher enricher;

    UpsertWriter(BinaryCopy copy, String pipeline, Enricher enricher) {
        this.copy = copy;
        this.pipeline = pipeline;
        this.enricher = enricher;
    }

    void write(Transaction transaction, TablePlan plan, List<Change> changes) throws SQLException {
        List<RowState> rows = Reduction.reduce(plan, changes);
        UpsertSql sql = new UpsertSql(plan, enricher.of(transaction, plan));
        sql.stage().prepare(transaction);
        copy.send(transaction, sql.stage().copy(), rows, sql.fields(), (row, out) -> encode(row, plan, out));
        boolean partials = rows.stream().anyMatch(RowState::isPartial);
        if (partials) {
            requirePatchable(transaction, sql);
        }
        transaction.execute(sql.merge(rows.stream().anyMatch(RowState::isDelete), partials));
        if (plan.hasRowTriggers()) {
            requireWritten(transaction, sql);
        }
    }

    static void encode(RowState row, TablePlan plan, BinaryWriter out) {
        out.putInt(1);
        out.putByte(row.isDelete() ? DELETE : row.isPartial() ? PARTIAL : WHOLE);
        if (row.isPartial()) {
            byte[] absent = row.absentBits();
            out.putInt(absent.length);
            out.putBytes(absent);
            int begin = out.beginField();
            out.putUtf8(UpsertSql.origin(row.change()));
            out.endField(begin);
        } else {
            out.putNullField();
            out.putNullField();
        }
        for (int i = 0; i < plan.columns().size(); i++) {
            row.column(i).write(row.value(i), out);
        }
        MetaFields.write(row.change(), plan.hasOrdinal(), out);
    }

    private static void requireWritten(Transaction transaction, UpsertSql sql) throws SQLException {
        try (PreparedStatement statement = transaction.prepare(sql.countUnwritten());
                ResultSet row = statement.executeQuery()) {
            row.next();
            if (row.getLong(1) > 0) {
                throw new RefusedException(BinaryCopy.LEFT_OUT, null, null);
            }
        }
    }

    private void requirePatchable(Transaction transaction, UpsertSql sql) throws SQLException {
        try (PreparedStatement statement = transaction.prepare(sql.countUnpatchable())) {
            statement.setString(1, pipeline);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                if (row.getLong(1) > 0) {
                    throw new RefusedException(
                            "an update leaves columns as they were, but the row that has them is not in the table",
                            null,
                            null);
                }
            }
        }
    }
}
