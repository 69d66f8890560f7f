package io.ledgerconnect.source.check;

import io.ledgerconnect.common.position.Lsn;
import io.ledgerconnect.source.config.SourceConfig;
import io.ledgerconnect.source.config.SourceConfig.SnapshotMode;
import io.ledgerconnect.source.offset.SourceOffset;
import io.ledgerconnect.source.replication.Slot;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What must hold of the replication slot. */
public final class SlotChecks {
    private final Connection connection;
    private final SourceConfig config;
    private final String applicationName;
    private final List<Finding> findings = new ArrayList<>();

    public SlotChecks(Connection connection, SourceConfig config, String applicationName) {
        this.connection = connection;
        this.config = config;
        this.applicationName = applicationName;
    }

    List<Finding> findings() throws SQLException {
        Optional<Slot> slot = Slot.find(connection, config.slotName());
        if (slot.isPresent()) {
            usable(slot.get()).ifPresent(sentence -> find("slot.name", sentence));
            if (config.snapshotMode() != SnapshotMode.WHEN_NEEDED) {
                whole(slot.get()).ifPresent(sentence -> find("slot.name", sentence));
            }
            inUse(slot.get()).ifPresent(sentence -> find("slot.name", sentence));
        } else {
            freeSlots();
        }
        freeSenders();
        return findings;
    }

    private void find(String setting, String sentence) {
        findings.add(new Finding(setting, sentence));
    }

    private Optional<String> usable(Slot slot) {
        String name = "Replication slot " + slot.name();
        if (slot.plugin() == null) {
            return Optional.of(
                    name + " is a physical slot, of which a standby or a backup reads; needed is a logical one"
                            + " of the output plugin pgoutput. Choose another slot.name.");
        }
        if (!"pgoutput".equals(slot.plugin())) {
            return Optional.of(name + " uses the output plugin " + slot.plugin()
                    + ", needed is pgoutput. Choose another slot.name.");
        }
        if (!config.connection().database().equals(slot.database())) {
            return Optional.of(name + " belongs to database '" + slot.database() + "'. Choose another slot.name.");
        }
        if (slot.twoPhase()) {
            return Optional.of(
                    name + " sends prepared transactions before they are committed (two_phase), which may never"
                            + " be. Choose another slot.name.");
        }
        return Optional.empty();
    }

    private static Optional<String> whole(Slot slot) {
        return slot.lost()
                ? Optional.of("Replication slot " + slot.name() + " is invalid: " + lostBy(slot)
                        + ", so changes are missing from here on. " + anew(slot.name()))
                : Optional.empty();
    }

    private static String lostBy(Slot slot) {
        return switch (slot.lostBy()) {
            case "idle_timeout" ->
                "it was not read for longer than idle_replication_slot_timeout allows, and the server has"
                        + " given up what was not captured yet";
            case "wal_level_insufficient" -> "the server ran with a wal_level other than logical meanwhile";
            case "rows_removed" -> "the server has removed rows of its catalogue by which changes are read";
            default -> "the server has removed WAL that was not captured yet (max_slot_wal_keep_size)";
        };
    }

    private Optional<String> inUse(Slot slot) {
        return slot.activePid() == 0 || slot.activeApplication().equals(applicationName)
                ? Optional.empty()
                : Optional.of("Replication slot " + slot.name() + " is in use by process " + slot.activePid() + " ('"
                        + slot.activeApplication() + "'). Two readers of one slot would each lose what the other"
                        + " acknowledges. Choose another slot.name, or stop that reader.");
    }

    private void freeSlots() throws SQLException {
        boolean one =
                config.snapshotMode() == SnapshotMode.NO_DATA || config.snapshotMode() == SnapshotMode.INITIAL_ONLY;
        int needed = one ? 1 : 2;
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT current_setting('max_replication_slots')::int"
                        + " - (SELECT count(*) FROM pg_catalog.pg_replication_slots)::int")) {
            row.next();
            int free = row.getInt(1);
            if (free < needed) {
                find(
                        "slot.name",
                        "The server has " + free + " free replication slots, needed are " + needed
                                + " (one stays, one exports the snapshot). Run ALTER SYSTEM SET max_replication_slots = "
                                + (Integer.parseInt(maxSlots()) + needed)
                                + "; and restart it, or drop a slot that is not used.");
            }
        }
    }

    private String maxSlots() throws SQLException {
        return show("max_replication_slots");
    }

    private String show(String parameter) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW " + parameter)) {
            row.next();
            return row.getString(1);
        }
    }

    /** One of this capture's own may still be there; others' names may be hidden from this role. */
    private void freeSenders() throws SQLException {
        int limit = Integer.parseInt(show("max_wal_senders"));
        try (PreparedStatement query = connection.prepareStatement(
                "SELECT count(*) FROM pg_catalog.pg_stat_replication WHERE application_name IS DISTINCT FROM ?")) {
            query.setString(1, applicationName);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                if (row.getInt(1) >= limit) {
                    find(
                            "database.hostname",
                            "All " + limit + " WAL senders of the server are in use, so it would refuse to stream. Run"
                                    + " ALTER SYSTEM SET max_wal_senders = " + (limit + 2) + "; and restart it.");
                }
            }
        }
    }

    /** Why the slot cannot be read by this capture, in one sentence; empty when it can, or when there is none. */
    public Optional<String> unusable() throws SQLException {
        return Slot.find(connection, config.slotName()).flatMap(this::usable);
    }

    /** What is missing after an offset, in one sentence; empty when the slot still has everything. */
    public Optional<String> missingAfter(SourceOffset offset) throws SQLException {
        String lsn = Lsn.format(offset.checkpoint().lsn());
        Optional<Slot> found = Slot.find(connection, config.slotName());
        if (found.isEmpty()) {
            return Optional.of(
                    "Replication slot " + config.slotName() + " is gone, but this capture has an offset at " + lsn
                            + ": changes committed after " + lsn
                            + " may be missing, and a new slot would begin later. It is not"
                            + " created again. " + anew(config.slotName()));
        }
        Slot slot = found.get();
        Optional<String> invalid = whole(slot);
        if (invalid.isPresent()) {
            return invalid;
        }
        if (Long.compareUnsigned(slot.confirmedFlushLsn(), offset.checkpoint().lsn()) > 0) {
            return Optional.of("Replication slot " + slot.name() + " stands at " + Lsn.format(slot.confirmedFlushLsn())
                    + ", after the stored offset " + lsn
                    + ": someone else read it, or the offset is older than the slot."
                    + " Changes committed between " + lsn + " and " + Lsn.format(slot.confirmedFlushLsn())
                    + " are missing. " + anew(slot.name()));
        }
        return Optional.empty();
    }

    private static String anew(String slot) {
        return "To begin anew with a fresh snapshot: PUT /connectors/NAME/stop, SELECT pg_drop_replication_slot('"
                + slot
                + "') if it is there, DELETE /connectors/NAME/offsets, set resnapshot.mode=replace in the sink, so that the"
                + " snapshot takes the place of what it has, and PUT /connectors/NAME/resume.";
    }
}
