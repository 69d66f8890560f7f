package io.ledgerconnect.source.record;

import io.ledgerconnect.common.position.Lsn;
import io.ledgerconnect.common.type.TypeLookupException;
import io.ledgerconnect.source.decode.Tuple;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the server does not send of a row that was not sent before under its key, because an update moved it there or
 * because the snapshot left it to its changes: values that are stored out of line and did not change. The row as it is
 * now has them, or values that a later change will bring again; where the row is gone, a later change deletes it. Used
 * by one thread only.
 */
final class RowLookups {
    /** In the place of a row that is not there. */
    static final Tuple GONE = new Tuple();

    private static final Logger LOG = LoggerFactory.getLogger(RowLookups.class);

    /** No privilege, or a policy that would hide rows: the row is there, and can be asked for once that is mended. */
    private static final String NOT_PERMITTED = "42501";

    /**
     * What the statement names is not there any more or is another thing, or the key is no value of its type: a name or
     * a type (42), a schema (3F), a domain's check (23), a label or a number out of range (22).
     */
    private static final Set<String> MOVED_ON = Set.of("42", "3F", "23", "22");

    /** Texts that are not UTF-8 are not sent; that is no matter of names. */
    private static final Set<String> UNREADABLE = Set.of("22021", "22P05");

    private final Ledger ledger;
    private final String role;
    private final Set<String> warned = new HashSet<>();

    RowLookups(Ledger ledger, String role) {
        this.ledger = ledger;
        this.role = role;
    }

    /**
     * The row as it is now, with its key's columns and those that are absent; null when none are, or when they cannot
     * be known; {@link #GONE} when the row is not there any more.
     *
     * @param oldRow the former key, or the whole row where the identity is full
     */
    Tuple find(TableMapping mapping, Tuple newRow, Tuple oldRow, boolean identityOnly, long commitLsn) {
        List<Integer> absent = mapping.absent(newRow, oldRow, identityOnly);
        if (absent.isEmpty()) {
            return null;
        }
        try {
            Optional<String> query = mapping.rowQuery(newRow, oldRow, Set.copyOf(absent));
            if (query.isPresent()) {
                Tuple found = ledger.find(query.get());
                return found == null ? GONE : found;
            }
            warn(
                    mapping,
                    absent,
                    commitLsn,
                    mapping.hasKey() ? "its key's type has no text that is known here" : "the table has no key");
        } catch (TypeLookupException e) {
            giveUp(mapping, absent, commitLsn, e.getCause());
        } catch (SQLException e) {
            giveUp(mapping, absent, commitLsn, e);
        }
        return null;
    }

    /** Returns when the values cannot be known any more. */
    private void giveUp(TableMapping mapping, List<Integer> absent, long commitLsn, SQLException cause) {
        String state = String.valueOf(cause.getSQLState());
        if (state.equals(NOT_PERMITTED)) {
            throw new ConnectException(
                    "Role " + role + " may not read table " + mapping.table + ", from which it needs "
                            + String.join(", ", mapping.columnNames(absent))
                            + " of a row that was not sent under its key before: the server does not send a value that is stored out of line"
                            + " and did not change. Nothing is lost: the slot holds what follows. GRANT SELECT ON the table TO "
                            + role + ", with USAGE on its schema (where row-level security is on, ALTER ROLE " + role
                            + " BYPASSRLS), and restart the task",
                    cause);
        }
        if (state.length() < 2 || !MOVED_ON.contains(state.substring(0, 2)) || UNREADABLE.contains(state)) {
            throw new UnresolvedRelationException("Table " + mapping.table, cause);
        }
        // Not the server's message: it may have the key.
        warn(
                mapping,
                absent,
                commitLsn,
                "the table, a column or a type was altered, renamed or dropped since (SQLSTATE " + state + ")");
    }

    private void warn(TableMapping mapping, List<Integer> absent, long commitLsn, String reason) {
        if (warned.add(mapping.table)) {
            LOG.warn(
                    "Table {}: the value of {} of a row that was not sent under its key before the transaction committed at {} is not"
                            + " known. It is stored out of line and did not change, so the server does not send it, and the"
                            + " row cannot be asked for it: {}. The record names it in the header ledger.absent, and"
                            + " reporting tables lack it until the value itself is changed, or until a fresh snapshot. Later"
                            + " rows of this table are not reported here",
                    mapping.table,
                    String.join(", ", mapping.columnNames(absent)),
                    Lsn.format(commitLsn),
                    reason);
        }
    }
}
