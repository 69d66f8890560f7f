package io.ledgerconnect.sink.state;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;

/** Sets a statement's parameters one after the other; arrays carry as many rows as there are in one round trip. */
final class Parameters {
    private final PreparedStatement statement;
    private int index;

    Parameters(PreparedStatement statement) {
        this.statement = statement;
    }

    Parameters add(String text) throws SQLException {
        statement.setString(++index, text);
        return this;
    }

    Parameters add(long number) throws SQLException {
        statement.setLong(++index, number);
        return this;
    }

    <T> Parameters addTexts(Collection<T> rows, Function<T, String> column) throws SQLException {
        return addArray("text", rows.stream().map(column).toArray());
    }

    <T> Parameters addInts(Collection<T> rows, ToIntFunction<T> column) throws SQLException {
        return addArray("int4", rows.stream().mapToInt(column).boxed().toArray());
    }

    <T> Parameters addLongs(Collection<T> rows, ToLongFunction<T> column) throws SQLException {
        return addArray("int8", rows.stream().mapToLong(column).boxed().toArray());
    }

    <T> Parameters addBooleans(Collection<T> rows, Predicate<T> column) throws SQLException {
        return addArray("bool", rows.stream().map(column::test).toArray());
    }

    private Parameters addArray(String type, Object[] values) throws SQLException {
        statement.setArray(++index, statement.getConnection().createArrayOf(type, values));
        return this;
    }
}
