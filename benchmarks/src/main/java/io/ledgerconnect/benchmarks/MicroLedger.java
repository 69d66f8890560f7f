package io.ledgerconnect.benchmarks;

import io.ledgerconnect.common.position.SourceId;
import io.ledgerconnect.source.catalog.LedgerCatalog;
import io.ledgerconnect.source.config.SourceConfig;
import io.ledgerconnect.source.decode.PgOutputDecoder;
import io.ledgerconnect.source.decode.Relation;
import io.ledgerconnect.source.decode.Tuple;
import io.ledgerconnect.source.offset.Checkpoint;
import io.ledgerconnect.source.offset.PublicationVersion;
import io.ledgerconnect.source.offset.SourceOffset;
import io.ledgerconnect.source.offset.StreamIdentity;
import io.ledgerconnect.source.offset.TableKey;
import io.ledgerconnect.source.record.Ledger;
import io.ledgerconnect.source.record.RecordBuffer;
import io.ledgerconnect.source.record.StreamState;
import io.ledgerconnect.source.record.TableMapper;
import io.ledgerconnect.source.record.TableMapping;
import io.ledgerconnect.source.record.TransactionReader;
import io.ledgerconnect.testbed.Postgres;
import io.ledgerconnect.testbed.PostgresSpec;
import io.ledgerconnect.testbed.Testbed;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.connect.source.SourceRecord;
import org.postgresql.PGConnection;
import org.postgresql.replication.PGReplicationStream;

/**
 * The messages of a real server about {@link #ROWS} payments, in memory, and what the source connector makes of them.
 * The server runs until this is closed. Used by one thread.
 */
public final class MicroLedger implements AutoCloseable {
    /** As many as a sink gets at once. */
    public static final int ROWS = 5000;

    private static final String NAME = "micro";
    private static final int ROWS_PER_TRANSACTION = 100;

    private final Testbed testbed;
    private final Postgres postgres;
    private final Connection connection;
    private final SourceConfig config;
    private final SourceOffset beginning;
    private final List<ByteBuffer> messages;
    private final Questions questions;

    private MicroLedger(Testbed testbed) throws SQLException {
        this.testbed = testbed;
        postgres = testbed.startPostgres(PostgresSpec.defaults());
        PaymentsLedger ledger = PaymentsLedger.create(postgres);
        ledger.createSlot(NAME);
        ledger.generate(ROWS, ROWS_PER_TRANSACTION);
        messages = messages(ledger);
        config = new SourceConfig(ledger.captureSettings(NAME));
        connection = ledger.connect();
        StreamIdentity identity = new StreamIdentity(new SourceId("1", "ledger"), 1, NAME, 1, false);
        beginning = new SourceOffset(
                Checkpoint.begin(identity, true, 1, config.counting(), PublicationVersion.UNKNOWN), 1, 0);
        questions = new Questions(config, connection, identity);
    }

    /** Starts the server and reads the messages. */
    public static MicroLedger open() throws SQLException {
        Testbed testbed = Testbed.open();
        try {
            return new MicroLedger(testbed);
        } catch (SQLException | RuntimeException e) {
            testbed.close();
            throw e;
        }
    }

    /** Answers from memory what the server has answered once. */
    private static final class Questions implements Ledger {
        private final LedgerCatalog catalog;
        private final TableMapper mapper;
        private final StreamIdentity identity;
        private final Map<Relation, TableMapping> known = new HashMap<>();

        Questions(SourceConfig config, Connection connection, StreamIdentity identity) throws SQLException {
            this.catalog = new LedgerCatalog(connection);
            this.mapper = new TableMapper(config, connection, catalog);
            this.identity = identity;
        }

        @Override
        public TableMapping resolve(Relation relation, TableKey key) throws SQLException {
            TableMapping mapping = known.get(relation);
            if (mapping == null) {
                mapping = mapper.mapping(
                        relation, catalog.primaryKey(relation.schema(), relation.table()), identity, key);
                known.put(relation, mapping);
            }
            return mapping;
        }

        @Override
        public Tuple find(String copyStatement) {
            throw new IllegalStateException("Payments have no values that were left out");
        }
    }

    private static List<ByteBuffer> messages(PaymentsLedger ledger) throws SQLException {
        List<ByteBuffer> messages = new ArrayList<>();
        try (Connection replication = ledger.connectForReplication();
                PGReplicationStream stream = ledger.stream(replication.unwrap(PGConnection.class), NAME)) {
            int commits = 0;
            while (commits < ROWS / ROWS_PER_TRANSACTION) {
                ByteBuffer message = stream.read();
                byte[] bytes = new byte[message.remaining()];
                message.get(bytes);
                messages.add(ByteBuffer.wrap(bytes));
                if (bytes[0] == 'C') {
                    commits++;
                }
            }
        }
        return messages;
    }

    /** The server with the ledger, which has room for a reporting store. */
    public Postgres postgres() {
        return postgres;
    }

    /** Has every message decoded. */
    void decode(PgOutputDecoder decoder) {
        for (ByteBuffer message : messages) {
            decoder.decode(message.rewind());
        }
    }

    /** Makes the records, and hands them over in batches as the source does. */
    void map(Consumer<List<SourceRecord>> batches) {
        RecordBuffer buffer = new RecordBuffer();
        StreamState state = new StreamState(beginning.checkpoint(), config.partitions(), config.counting());
        PgOutputDecoder decoder = new PgOutputDecoder(
                new TransactionReader(config, questions, state, beginning, buffer, Clock.systemUTC()));
        for (ByteBuffer message : messages) {
            buffer.addBytes(message.rewind().remaining());
            decoder.decode(message);
            if (buffer.isFull()) {
                batches.accept(buffer.take().records());
            }
        }
        batches.accept(buffer.take().records());
    }

    /** The records of all payments. */
    public List<SourceRecord> records() {
        List<SourceRecord> records = new ArrayList<>();
        map(records::addAll);
        if (records.size() != ROWS) {
            throw new IllegalStateException(records.size() + " records of " + ROWS + " rows");
        }
        return records;
    }

    @Override
    public void close() throws SQLException {
        try (testbed) {
            connection.close();
        }
    }
}
