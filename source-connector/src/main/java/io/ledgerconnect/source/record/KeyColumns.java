package io.ledgerconnect.source.record;

import io.ledgerconnect.source.decode.Relation;
import io.ledgerconnect.source.offset.TableKey;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Which columns are a relation's key. A stream keeps the key that it has sent rows under: with another one, or with the
 * same columns in another order, rows would go on in other partitions, and a delete could overtake its insert.
 */
final class KeyColumns {
    private static final String ANEW = "begin anew with a fresh snapshot: PUT /connectors/NAME/stop, SELECT"
            + " pg_drop_replication_slot('…'), DELETE /connectors/NAME/offsets, resnapshot.mode=replace in the sink, PUT"
            + " /connectors/NAME/resume";

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
            return columns.configured(known, configured.get());
        }
        return known == null ? columns.found(primaryKey) : columns.kept(known, primaryKey);
    }

    /** A delete carries the identity only; a primary key outside it would be unknown then. */
    private List<String> found(List<String> primaryKey) {
        return full || (!primaryKey.isEmpty() && identity.containsAll(primaryKey)) ? primaryKey : identity;
    }

    private List<String> configured(TableKey known, List<String> key) {
        if (known != null && !key.equals(known.columns())) {
            throw changed(known, key, "by message.key.columns");
        }
        if (known != null && !full && !identity.containsAll(key)) {
            throw outsideIdentity(key);
        }
        return key;
    }

    private List<String> kept(TableKey known, List<String> primaryKey) {
        if (known.parts().isEmpty()) {
            // In one partition without a key, its changes stay in their order whatever key it may have got.
            return List.of();
        }
        List<String> key = names.containsAll(known.columns()) ? known.columns() : renamed(known, primaryKey);
        boolean identityIsKey = !full && sameColumns(identity, key);
        if (!identityIsKey && !(isWiderThan(key) && isPrimary(key, primaryKey))) {
            throw changed(known, found(primaryKey), "in the ledger");
        }
        return key;
    }

    private static boolean sameColumns(List<String> some, List<String> others) {
        return new HashSet<>(some).equals(new HashSet<>(others));
    }

    /** Such an identity has the key in every old row, but does not tell which of its columns the key is. */
    private boolean isWiderThan(List<String> key) {
        return relation.replicaIdentity() != Relation.IDENTITY_DEFAULT && identity.containsAll(key);
    }

    /** The catalogue tells, unless it is ahead of the relation. */
    private boolean isPrimary(List<String> key, List<String> primaryKey) {
        return sameColumns(key, primaryKey) || !names.containsAll(primaryKey);
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
                + " could be overtaken. Everything before this change is sent, nothing from it on. Change it back, or "
                + ANEW);
    }

    private ConnectException outsideIdentity(List<String> key) {
        return new ConnectException("The key " + key + " of table " + relation.qualifiedName()
                + " is not in its replica identity " + identity + " any more, so the key of a deleted row is unknown."
                + " Everything before this change is sent, nothing from it on. Run ALTER TABLE "
                + relation.qualifiedName()
                + " REPLICA IDENTITY FULL; and " + ANEW);
    }
}
