package io.ledgerconnect.common.json;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.storage.Converter;

/** What a converter made of something, comparable: Java compares byte arrays within lists by identity. */
record Outcome(Object value, Class<?> error, String message) {
    static Outcome written(Converter converter, Schema schema, Object value) {
        return of(() -> converter.fromConnectData("topic", schema, value));
    }

    static Outcome read(Converter converter, String topic, byte[] record) {
        return of(() -> converter.toConnectData(topic, record));
    }

    private static Outcome of(Callable<Object> conversion) {
        try {
            return new Outcome(comparable(conversion.call()), null, null);
        } catch (Exception e) {
            return new Outcome(null, e.getClass(), e.getMessage());
        }
    }

    private static Object comparable(Object value) {
        if (value instanceof SchemaAndValue both) {
            return both.schema() == null ? comparable(both.value()) : List.of(both.schema(), listOf(both.value()));
        }
        if (value instanceof byte[] bytes) {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
        if (value instanceof ByteBuffer buffer) {
            return StandardCharsets.ISO_8859_1.decode(buffer.duplicate()).toString();
        }
        if (value instanceof Collection<?> list) {
            return listOf(list.toArray());
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> entries = new HashMap<>();
            map.forEach((key, item) -> entries.put(comparable(key), comparable(item)));
            return entries;
        }
        return value instanceof Struct struct ? List.of(struct.schema(), fields(struct)) : value;
    }

    private static List<Object> listOf(Object... items) {
        List<Object> list = new ArrayList<>();
        for (Object item : items) {
            list.add(comparable(item));
        }
        return list;
    }

    private static List<Object> fields(Struct struct) {
        List<Object> fields = new ArrayList<>();
        for (Field field : struct.schema().fields()) {
            fields.add(comparable(struct.getWithoutDefault(field.name())));
        }
        return fields;
    }
}
