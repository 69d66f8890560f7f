package io.ledgerconnect.sink.target;

import io.ledgerconnect.sink.config.SinkConfig.Tables;
import io.ledgerconnect.sink.config.TableMode;
import io.ledgerconnect.sink.config.TableName;
import io.ledgerconnect.sink.database.Transaction;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;

/** Remembers the plans of one task. Not thread-safe. */
public final class TablePlans {
    /** Schemas of one table in use at a time: few. More mean that something makes new ones forever. */
    private static final int MAX_PLANS = 1000;

    private record Key(TableName table, Schema key, Schema value) {}

    private final Tables settings;
    private final TablePlanner planner;
    private final Map<Key, TablePlan> plans = new HashMap<>();
    private int rereads;
    private Key last;
    private TablePlan lastPlan;

    public TablePlans(Tables settings) {
        this.settings = settings;
        this.planner = new TablePlanner(settings);
    }

    public TableMode mode(TableName table) {
        return settings.of(table).mode();
    }

    /** The plan for records with these schemas; schemas are compared by identity first, then as a whole. */
    public TablePlan plan(Transaction transaction, TableName table, Schema key, Schema value) throws SQLException {
        if (last != null && last.value == value && last.key == key && last.table.equals(table)) {
            return lastPlan;
        }
        Key wanted = new Key(table, key, value);
        TablePlan plan = plans.get(wanted);
        if (plan == null) {
            if (plans.size() == MAX_PLANS) {
                plans.clear();
            }
            plan = planner.plan(transaction, table, key, value);
            if (planner.rereads() != rereads) {
                plans.clear(); // some may be of a table as it was before
                rereads = planner.rereads();
            }
            plans.put(wanted, plan);
        }
        last = wanted;
        lastPlan = plan;
        return plan;
    }

    /** Forgets everything: a transaction in which tables may have been created or altered was taken back. */
    public void forget() {
        plans.clear();
        planner.forget();
        last = null;
        lastPlan = null;
    }

    /** See {@link TablePlanner#requireUnaltered}. */
    public void requireUnaltered(Transaction transaction, Collection<TableName> written) throws SQLException {
        planner.requireUnaltered(transaction, written);
    }

    /** The table as it is, or null when there is none. */
    public TargetTable table(Transaction transaction, TableName table) throws SQLException {
        return planner.find(transaction, table);
    }
}
