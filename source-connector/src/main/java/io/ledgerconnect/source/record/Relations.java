package io.ledgerconnect.source.record;

import io.ledgerconnect.source.decode.Relation;
import io.ledgerconnect.source.offset.TableKey;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The relations that the server has described in a session, and how their rows are mapped. Used by one thread only. */
final class Relations {
    private static final Logger LOG = LoggerFactory.getLogger(Relations.class);

    private final Ledger ledger;
    private final StreamState state;
    private final Map<Integer, TableMapping.Rows> byOid = new HashMap<>();
    private final Map<Relation, TableMapping.Rows> read = new HashMap<>();
    private TableMapping.Rows last;
    private int lastOid;

    Relations(Ledger ledger, StreamState state) {
        this.ledger = ledger;
        this.state = state;
    }

    /** Takes a description, the first or another one. */
    void announce(Relation relation) {
        TableMapping mapping = resolve(relation);
        TableMapping.Rows before = byOid.get(relation.oid());
        if (mapping != null && before != null && !mapping.hasColumnsOf(before.mapping())) {
            requireHidden(mapping, before.mapping());
            LOG.warn(
                    "Table {} was altered. Changes from here on have its new columns; what ALTER TABLE itself made of older"
                            + " rows (the default of a new column, values of a new type) is no change of a row and not in"
                            + " the WAL, so the topics and the reporting store do not have it",
                    mapping.table);
        }
        byOid.put(relation.oid(), mapping == null ? null : mapping.rows());
        last = null;
    }

    private static void requireHidden(TableMapping mapping, TableMapping before) {
        mapping.laidBare(before).ifPresent(column -> {
            throw new ConnectException("Column " + mapping.table + '.' + column
                    + ", whose values a setting hides, is gone and another has come. If it was renamed, its values would be"
                    + " sent in the clear. Everything before this change is sent, nothing from it on. Name the new column"
                    + " beside the old one in the setting, if it is to be hidden, and restart the connector");
        });
    }

    /** The rows of a relation that was announced; null when it is not captured. */
    TableMapping.Rows rows(int oid) {
        if (last == null || lastOid != oid) {
            if (!byOid.containsKey(oid)) {
                throw new ConnectException("The server sent a change of relation " + Integer.toUnsignedString(oid)
                        + " that it had not described: the stream is broken");
            }
            last = byOid.get(oid);
            lastOid = oid;
        }
        return last;
    }

    /**
     * The rows of a table as they were read, whatever the server has described; null when the table is not captured.
     */
    TableMapping.Rows rows(Relation readAs) {
        if (!read.containsKey(readAs)) {
            read.clear(); // one is read at a time
            TableMapping mapping = resolve(readAs);
            read.put(readAs, mapping == null ? null : mapping.rows());
        }
        return read.get(readAs);
    }

    private TableMapping resolve(Relation relation) {
        try {
            TableKey known = state.key(relation.qualifiedName());
            TableMapping mapping = ledger.resolve(relation, known);
            requireSameTable(relation, known, mapping != null);
            return mapping;
        } catch (SQLException e) {
            throw new UnresolvedRelationException("Table " + relation.qualifiedName(), e);
        }
    }

    /** Rows that a table had under another name, or that another table had under this name, would be wrong for ever. */
    private void requireSameTable(Relation relation, TableKey known, boolean captured) {
        if (captured && known != null && known.oid() != relation.oid()) {
            throw new ConnectException("Table " + relation.qualifiedName()
                    + " is another one than before: it was dropped and created again, or another table was renamed to it."
                    + " What the former held is in the topics and the reporting store, and nothing says that it is gone."
                    + " Everything before this change is sent, nothing from it on. Begin anew with a fresh snapshot (see the operations"
                    + " guide), or leave the table out");
        }
        state.nameOf(relation.oid())
                .filter(name -> !name.equals(relation.qualifiedName()))
                .ifPresent(name -> {
                    throw new ConnectException("Table " + name + " was renamed to " + relation.qualifiedName()
                            + ": its rows are known under the former name, and their further changes would be taken for"
                            + " another table's, or for none that is captured. Everything before this change is sent, nothing from it on."
                            + " Rename it back, or begin anew with a fresh snapshot (see the operations guide)");
                });
    }
}
