package io.ledgerconnect.source.record;

import io.ledgerconnect.source.decode.LogicalMessage;
import io.ledgerconnect.source.decode.PgOutputDecoder;
import io.ledgerconnect.source.decode.Relation;
import io.ledgerconnect.source.decode.Tuple;
import io.ledgerconnect.source.offset.TableKey;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/**
 * The keys of the rows that were written in a part of the WAL, 32 bytes each at most. Filled by one thread, then read
 * by any.
 */
public final class ChangedKeys implements PgOutputDecoder.Listener {
    private static final int FIRST_CAPACITY = 1 << 10;

    private final Ledger ledger;
    private final Map<String, TableKey> known;
    private final int most;
    private final Map<Integer, TableMapping.Rows> rows = new HashMap<>();

    /** Open addressing; 0 is a free place, so the key 0 is kept beside it. */
    private volatile long[] table = new long[FIRST_CAPACITY];

    private int size;
    private volatile boolean hasZero;
    private boolean inTransaction;

    /**
     * Empty.
     *
     * @param known keys under which rows of tables were sent
     * @param most how many keys it may hold
     */
    public ChangedKeys(Ledger ledger, Map<String, TableKey> known, int most) {
        this.ledger = ledger;
        this.known = known;
        this.most = most;
    }

    /** Whether there were more than it may hold: then it says nothing. */
    public boolean isOverflowed() {
        return size > most;
    }

    /** Whether there is room for as many again. */
    public boolean hasRoom() {
        return size <= most / 2;
    }

    public int size() {
        return size;
    }

    public boolean inTransaction() {
        return inTransaction;
    }

    /** Whether a row with this {@link TableMapping.Rows#identity} was written. */
    public boolean contains(long identity) {
        long[] keys = table; // it may grow meanwhile, by keys that are not asked for
        return identity == 0 ? hasZero : keys[slot(keys, identity)] == identity;
    }

    private void add(TableMapping.Rows of, Tuple row, Tuple oldIdentity) {
        if (of == null || isOverflowed() || !of.mapping().hasKey()) {
            return;
        }
        long identity = of.identity(row, oldIdentity);
        if (identity == 0) {
            hasZero = true;
            return;
        }
        int slot = slot(table, identity);
        if (table[slot] == 0) {
            table[slot] = identity;
            size++;
            if (size * 2 > table.length) {
                grow();
            }
        }
    }

    private void grow() {
        long[] larger = new long[table.length * 2];
        for (long identity : table) {
            if (identity != 0) {
                larger[slot(larger, identity)] = identity;
            }
        }
        table = larger;
    }

    /** Where a key is or would be; the keys are hashes themselves. */
    private static int slot(long[] table, long identity) {
        int slot = (int) identity & (table.length - 1);
        while (table[slot] != 0 && table[slot] != identity) {
            slot = (slot + 1) & (table.length - 1);
        }
        return slot;
    }

    @Override
    public void relation(Relation relation) {
        try {
            TableMapping mapping = ledger.resolve(relation, known.get(relation.qualifiedName()));
            rows.put(relation.oid(), mapping == null ? null : mapping.rows());
        } catch (SQLException e) {
            throw new UnresolvedRelationException("Table " + relation.qualifiedName(), e);
        }
    }

    @Override
    public void insert(int relationOid, Tuple row) {
        add(rows.get(relationOid), row, null);
    }

    @Override
    public void update(int relationOid, Tuple oldRow, boolean identityOnly, Tuple newRow) {
        add(rows.get(relationOid), newRow, oldRow);
    }

    @Override
    public void begin(long commitLsn, long committedAtMicros, int transactionId) {
        inTransaction = true;
    }

    @Override
    public void commit(long commitLsn, long endLsn) {
        inTransaction = false;
    }

    @Override
    public void delete(int relationOid, Tuple oldRow, boolean identityOnly) {
        // What was deleted is not read.
    }

    @Override
    public void truncate(int[] relationOids) {
        // Nor is this.
    }

    @Override
    public void message(LogicalMessage message) {
        // No row.
    }
}
