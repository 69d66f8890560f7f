package io.ledgerconnect.sink.read;

import io.ledgerconnect.common.watermark.Watermark;
import org.apache.kafka.connect.sink.SinkRecord;

/** A watermark and the record that brought it. */
public record SeenWatermark(Watermark watermark, SinkRecord record) {}
