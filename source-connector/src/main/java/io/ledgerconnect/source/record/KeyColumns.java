package io.ledgerconnect.source.record;

import io.ledgerconnect.source.decode.Relation;
import io.ledgerconnect.source.offset.TableKey;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Which columns are a relation's key. A stream keeps the key that it has sent rows under: with another one, or with the
 * same columns in another order, rows would go on in other partitions, and a delete could overtake its insert.
 */
final class KeyColumns {
    private final Relation relation;
    private final List<String> names;
    private final List<String> identity;
    private final boolean full;

    private KeyColumns(Relation relation) {
        this.relation = relation;
        this.names = relation.columns().stream().map(Relation.Column::name).toList();
        this.identity = relation.columns().stream()
                .filter(Relation.Column::identity)
                .map(Relation.Column::name)
                .toList();
        this.full = relation.replicaIdentity() == Relation.IDENTITY_FULL;
    }

    /**
     * The names in key order.
     *
     * @param primaryKey as the catalogue has it now, which may be ahead of the relation
     * @param configured by {@code message.key.columns}
     * @param known what the stream has sent rows under, or null
     * @throws ConnectException when the key is not what it was
     */
    static List<String> of(
            Relation relation, List<String> primaryKey, Optional<List<String>> configured, TableKey known) {
        KeyColumns columns = new KeyColumns(relation);
        if (configured.isPresent()) {
            if (known != null && !configured.get().equals(known.columns())) {
                throw columns.changed(known, configured.get(), "by message.key.columns");
            }
            return configured.get();
        }
        return known == null ? columns.found(primaryKey) : columns.kept(known, primaryKey);
    }

    /** A delete carries the identity only; a primary key outside it would be unknown then. */
    private List<String> found(List<String> primaryKey) {
        return full || (!primaryKey.isEmpty() && identity.containsAll(primaryKey)) ? primaryKey : identity;
    }

    private List<String> kept(TableKey known, List<String> primaryKey) {
        List<String> key = names.containsAll(known.columns()) ? known.columns() : renamed(known, primaryKey);
        Set<String> now = new HashSet<>(key);
        // Under a full identity the relation does not tell its key: the catalogue does, unless it is ahead.
        List<String> current = full && names.containsAll(primaryKey) ? primaryKey : identity;
        boolean catalogueIsAhead = full && !names.containsAll(primaryKey);
        if (!catalogueIsAhead && !new HashSet<>(current).equals(now)) {
            throw changed(known, current, "in the ledger");
        }
        return key;
    }

    /** A renamed column stays where it was among the others. */
    private List<String> renamed(TableKey known, List<String> primaryKey) {
        if (relation.columns().size() != known.width()) {
            throw changed(known, found(primaryKey), "in the ledger");
        }
        return known.parts().stream().map(part -> names.get(part.place())).toList();
    }

    private ConnectException changed(TableKey known, List<String> now, String how) {
        return new ConnectException("The key of table " + relation.qualifiedName() + " was changed " + how + " from "
                + known.columns() + " to " + now + ": its rows would go on in other partitions than their history, and"
                + " could be overtaken. Nothing from here on is sent. Change it back, or begin anew with"
                + " a fresh snapshot: PUT /connectors/NAME/stop, SELECT pg_drop_replication_slot('…'), DELETE"
                + " /connectors/NAME/offsets, resnapshot.mode=replace in the sink, PUT /connectors/NAME/resume");
    }
}
