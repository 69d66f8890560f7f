package io.ledgerconnect.common.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/**
 * Floating-point numbers. JSON has none that are not finite: both converters write those as strings, and this one knows
 * them again.
 */
enum FloatReader implements ValueReader {
    FLOAT32 {
        @Override
        Object number(JsonParser in) throws IOException {
            // Jackson's own way leads through a double in some versions, and rounds twice.
            float value = Float.parseFloat(in.getText());
            return isPlain(value) ? (Object) value : in.getDecimalValue().floatValue();
        }

        @Override
        Object notFinite(double value) {
            return (float) value;
        }
    },
    FLOAT64 {
        @Override
        Object number(JsonParser in) throws IOException {
            double value = in.getDoubleValue();
            return isPlain(value) ? (Object) value : in.getDecimalValue().doubleValue();
        }

        @Override
        Object notFinite(double value) {
            return value;
        }
    };

    abstract Object number(JsonParser in) throws IOException;

    abstract Object notFinite(double value);

    @Override
    public Object read(JsonParser in) throws IOException {
        JsonToken token = in.currentToken();
        if (token == JsonToken.VALUE_NUMBER_FLOAT || token == JsonToken.VALUE_NUMBER_INT) {
            return number(in);
        }
        ValueReader.require(JsonToken.VALUE_STRING, in);
        return notFinite(named(in.getText()));
    }

    /** Kafka's converter reads by way of a decimal, which knows no negative zero and refuses some exponents. */
    private static boolean isPlain(double value) {
        return value != 0 && Double.isFinite(value);
    }

    private static double named(String name) {
        return switch (name) {
            case "NaN" -> Double.NaN;
            case "Infinity" -> Double.POSITIVE_INFINITY;
            case "-Infinity" -> Double.NEGATIVE_INFINITY;
            default -> throw new UnusualException("a string where a number is expected");
        };
    }
}
