package io.ledgerconnect.source.capture;

import io.ledgerconnect.source.record.RecordBuffer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** The way of records to Kafka, from where they are gathered. Used by the capturing thread only. */
final class Outlet {
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final RecordBuffer buffer;
    private final CaptureSession.HandOver handOver;
    private final Acknowledgement acknowledgement;
    private final BooleanSupplier stopped;

    Outlet(
            RecordBuffer buffer,
            CaptureSession.HandOver handOver,
            Acknowledgement acknowledgement,
            BooleanSupplier stopped) {
        this.buffer = buffer;
        this.handOver = handOver;
        this.acknowledgement = acknowledgement;
        this.stopped = stopped;
    }

    boolean isStopped() {
        return stopped.getAsBoolean();
    }

    /** Passes a full batch on; {@code bytes} have been gathered since the last time. */
    void passOnFullBatch(int bytes, CaptureSession.KeepAlive keepAlive) throws InterruptedException, SQLException {
        buffer.addBytes(bytes);
        if (buffer.isFull()) {
            handOver.handOver(buffer, keepAlive);
        }
    }

    /** Passes everything on and waits until Kafka has it; false when it has not within {@code patience}. */
    boolean sendAll(Duration patience, CaptureSession.KeepAlive keepAlive) throws InterruptedException, SQLException {
        handOver.handOver(buffer, keepAlive);
        long begin = System.nanoTime();
        while (!acknowledgement.isEverythingSent()) {
            if (isStopped() || System.nanoTime() - begin > patience.toNanos()) {
                return false;
            }
            keepAlive.keepAlive();
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return !isStopped();
    }
}
