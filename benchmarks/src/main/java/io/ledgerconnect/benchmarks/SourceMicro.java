package io.ledgerconnect.benchmarks;

import io.ledgerconnect.source.decode.LogicalMessage;
import io.ledgerconnect.source.decode.PgOutputDecoder;
import io.ledgerconnect.source.decode.Relation;
import io.ledgerconnect.source.decode.Tuple;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

/** Per row: the decoder alone, and with what makes records of the rows. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(MicroLedger.ROWS)
public class SourceMicro {
    private MicroLedger ledger;

    @Setup
    public void open() throws Exception {
        ledger = MicroLedger.open();
    }

    @TearDown
    public void close() throws Exception {
        ledger.close();
    }

    @Benchmark
    public void decode(Blackhole seen) {
        ledger.decode(new PgOutputDecoder(new Looking(seen)));
    }

    @Benchmark
    public void map(Blackhole seen) {
        ledger.map(seen::consume);
    }

    /** Looks where each column is, and no further. */
    private record Looking(Blackhole seen) implements PgOutputDecoder.Listener {
        @Override
        public void begin(long commitLsn, long committedAtMicros, int transactionId) {
            seen.consume(commitLsn);
        }

        @Override
        public void relation(Relation relation) {
            seen.consume(relation);
        }

        @Override
        public void insert(int relationOid, Tuple row) {
            for (int i = 0; i < row.columns(); i++) {
                seen.consume(row.length(i));
            }
        }

        @Override
        public void update(int relationOid, Tuple oldRow, boolean identityOnly, Tuple newRow) {
            insert(relationOid, newRow);
        }

        @Override
        public void delete(int relationOid, Tuple oldRow, boolean identityOnly) {
            insert(relationOid, oldRow);
        }

        @Override
        public void truncate(int[] relationOids) {
            seen.consume(relationOids);
        }

        @Override
        public void message(LogicalMessage message) {
            seen.consume(message);
        }

        @Override
        public void commit(long commitLsn, long endLsn) {
            seen.consume(endLsn);
        }
    }
}
