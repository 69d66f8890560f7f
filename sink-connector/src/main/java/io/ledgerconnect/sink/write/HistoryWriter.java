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

/** Writes changes to a history table: staged by COPY, then one statement that ends versions and begins others. */
final class HistoryWriter {
    static final String UNPATCHABLE =
            "an update leaves columns as they were, but the version that has them is not in the table";

    private static final byte VERSION = 'v';
    private static final byte PARTIAL = 'p';
    private static final byte END = 'd';

    private final BinaryCopy copy;
    private final Enricher enricher;

    HistoryWriter(BinaryCopy copy, Enricher enricher) {
        this.copy = copy;
        this.enricher = enricher;
    }

    void write(Transaction transaction, TablePlan plan, List<Change> changes) throws SQLException {
        List<RowState> states = Versions.of(plan, changes);
        boolean partials = states.stream().anyMatch(RowState::isPartial);
        HistorySql sql = new HistorySql(plan, partials, enricher.of(transaction, plan));
        sql.stage().prepare(transaction);
        copy.send(transaction, sql.stage().copy(), states, sql.fields(), (state, out) -> encode(state, plan, out));
        if (partials) {
            requireNone(transaction, sql.countUnpatchable(), UNPATCHABLE);
        }
        transaction.execute(sql.write());
        if (plan.hasRowTriggers()) {
            requireNone(transaction, sql.countUnwritten(), BinaryCopy.LEFT_OUT);
        }
        enricher.repair(transaction, plan.name(), sql::changed);
    }

    private static void encode(RowState state, TablePlan plan, BinaryWriter out) {
        out.putInt(1);
        out.putByte(state.isDelete() ? END : state.isPartial() ? PARTIAL : VERSION);
        if (state.isPartial()) {
            byte[] absent = state.absentBits();
            out.putInt(absent.length);
            out.putBytes(absent);
        } else {
            out.putNullField();
        }
        for (int i = 0; i < plan.columns().size(); i++) {
            state.column(i).write(state.value(i), out);
        }
        MetaFields.write(state.change(), true, out);
    }

    private static void requireNone(Transaction transaction, String count, String otherwise) throws SQLException {
        try (PreparedStatement statement = transaction.prepare(count);
                ResultSet row = statement.executeQuery()) {
            row.next();
            if (row.getLong(1) > 0) {
                throw new RefusedException(otherwise, null, null);
            }
        }
    }
}
