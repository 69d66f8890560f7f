package io.ledgerconnect.common.error;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.ledgerconnect.common.Postgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SqlFaultTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "08000", "08006", "08P01", "25006", "25P03", "25P04", "26000", "40001", "40P01", "53100", "53300",
                "55006", "55P03", "57014", "57P01", "57P02", "57P03", "58030"
            })
    void retriesFaultsOfTheEnvironment(String state) {
        assertThat(SqlFault.of(new SQLException("", state))).isEqualTo(SqlFault.RETRIABLE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"22001", "22003", "22P02", "22P03", "23502", "23505", "23514"})
    void blamesTheData(String state) {
        assertThat(SqlFault.of(new SQLException("", state))).isEqualTo(SqlFault.DATA);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0A000", "21000", "25P02", "28P01", "3D000", "42501", "42703", "42P01", "54000", "55000", "58P01",
                "P0001", "XX000", "", "2"
            })
    void stopsForEverythingElse(String state) {
        assertThat(SqlFault.of(new SQLException("", state))).isEqualTo(SqlFault.FATAL);
    }

    @Test
    void judgesFaultsWithoutStateByTheirKind() {
        assertThat(SqlFault.of(new SQLException("closed"))).isEqualTo(SqlFault.FATAL);
        assertThat(SqlFault.of(new SQLTransientConnectionException("pool"))).isEqualTo(SqlFault.RETRIABLE);
        assertThat(SqlFault.of(new SQLException("broken", new IOException("reset"))))
                .isEqualTo(SqlFault.RETRIABLE);
    }

    @Test
    void retriesAPlanThatOutlivedAnAlteration() throws SQLException {
        try (Connection connection = Postgres.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TEMP TABLE altered (a int)");
            statement.execute("PREPARE reading AS SELECT * FROM altered");
            statement.execute("EXECUTE reading");
            statement.execute("ALTER TABLE altered ADD COLUMN b int");
            SQLException fault = catchThrowableOfType(SQLException.class, () -> statement.execute("EXECUTE reading"));
            assertThat(fault.getSQLState()).isEqualTo("0A000");
            assertThat(SqlFault.of(fault)).isEqualTo(SqlFault.RETRIABLE);
        }
    }

    @Test
    void stopsForAFeatureThatTheServerLacks() throws SQLException {
        try (Connection connection = Postgres.connect();
                Statement statement = connection.createStatement()) {
            SQLException fault = catchThrowableOfType(
                    SQLException.class, () -> statement.execute("SELECT DISTINCT 1 FROM pg_class FOR UPDATE"));
            assertThat(fault.getSQLState()).isEqualTo("0A000");
            assertThat(SqlFault.of(fault)).isEqualTo(SqlFault.FATAL);
        }
    }
}
