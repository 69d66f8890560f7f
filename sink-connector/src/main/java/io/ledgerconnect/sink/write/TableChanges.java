package io.ledgerconnect.sink.write;

import io.ledgerconnect.common.envelope.Operation;
import io.ledgerconnect.common.position.Channel;
import io.ledgerconnect.sink.config.TableName;
import io.ledgerconnect.sink.config.TableNameFormat;
import io.ledgerconnect.sink.read.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Sorts changes by the reporting table they go to. */
final class TableChanges {
    private final TableNameFormat names;

    TableChanges(TableNameFormat names) {
        this.names = names;
    }

    /**
     * Tables by name, so that every task writes them in the same order; the changes of each in theirs. Logical messages
     * are of no table: their positions are applied, and that is all.
     */
    SortedMap<TableName, List<Change>> group(List<Change> changes) {
        SortedMap<TableName, List<Change>> groups = new TreeMap<>();
        Channel channel = null;
        String topic = null;
        List<Change> group = null;
        for (Change change : changes) {
            if (change.operation() == Operation.MESSAGE) {
                continue;
            }
            if (!change.channel().equals(channel) || !change.record().topic().equals(topic)) {
                channel = change.channel();
                topic = change.record().topic();
                group = groups.computeIfAbsent(names.target(channel.table(), topic), name -> new ArrayList<>());
            }
            group.add(change);
        }
        return groups;
    }
}
