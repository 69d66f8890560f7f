package io.ledgerconnect.common.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlFaultTest {
    @ParameterizedTest
    @CsvSource({
        "08006, RETRIABLE",
        "40P01, RETRIABLE",
        "53100, RETRIABLE",
        "57P01, RETRIABLE",
        "25006, RETRIABLE",
        "25P03, RETRIABLE",
        "25P04, RETRIABLE",
        "55P03, RETRIABLE",
        "22003, DATA",
        "23505, DATA",
        "42501, FATAL",
        "28P01, FATAL",
        "25001, FATAL"
    })
    void isDecidedByState(String state, SqlFault fault) {
        assertThat(SqlFault.of(new SQLException("", state))).isEqualTo(fault);
    }

    @Test
    void withoutStateOnlyTheConnectionHeals() {
        assertThat(SqlFault.of(new SQLTransientConnectionException("no connection")))
                .isEqualTo(SqlFault.RETRIABLE);
        assertThat(SqlFault.of(new SQLException("broken", new IOException()))).isEqualTo(SqlFault.RETRIABLE);
        assertThat(SqlFault.of(new SQLException("something"))).isEqualTo(SqlFault.FATAL);
    }

    @Test
    void aPlanThatOutlivedItsTableIsMadeAnew() {
        assertThat(SqlFault.of(new SQLException("cached plan must not change result type", "0A000")))
                .isEqualTo(SqlFault.RETRIABLE);
        assertThat(SqlFault.of(new SQLException("not supported", "0A000"))).isEqualTo(SqlFault.FATAL);
    }
}
