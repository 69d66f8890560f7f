package io.ledgerconnect.source;

import io.ledgerconnect.common.Version;
import io.ledgerconnect.source.check.Validation;
import io.ledgerconnect.source.config.SourceSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.source.ConnectorTransactionBoundaries;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.connect.source.SourceConnector;

/**
 * Captures every committed change of a PostgreSQL ledger into topics, in commit order, without a loss. One slot is one
 * stream of changes, so there is one task.
 */
public final class LedgerSourceConnector extends SourceConnector {
    private Map<String, String> settings;

    @Override
    public void start(Map<String, String> given) {
        settings = new HashMap<>(given); // values may be null
    }

    @Override
    public Class<? extends Task> taskClass() {
        return LedgerSourceTask.class;
    }

    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        return List.of(settings);
    }

    @Override
    public void stop() {
        // The task holds everything.
    }

    @Override
    public ConfigDef config() {
        return SourceSettings.DEFINITION;
    }

    @Override
    public Config validate(Map<String, String> given) {
        return Validation.complete(super.validate(given), given);
    }

    @Override
    public ExactlyOnceSupport exactlyOnceSupport(Map<String, String> given) {
        return ExactlyOnceSupport.SUPPORTED;
    }

    @Override
    public ConnectorTransactionBoundaries canDefineTransactionBoundaries(Map<String, String> given) {
        return ConnectorTransactionBoundaries.SUPPORTED;
    }

    /**
     * Offsets may be deleted, to begin anew, or put back as they were stored before, if the slot still has what
     * follows.
     */
    @Override
    public boolean alterOffsets(Map<String, String> given, Map<Map<String, ?>, Map<String, ?>> offsets) {
        AlteredOffsets.accept(given, offsets);
        return true;
    }

    @Override
    public String version() {
        return Version.VERSION;
    }
}
