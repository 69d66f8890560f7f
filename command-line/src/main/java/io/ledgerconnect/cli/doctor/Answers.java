package io.ledgerconnect.cli.doctor;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a database answers, as texts by the names of the columns; null for null. Used by one thread. */
final class Answers {
    private final Connection connection;

    Answers(Connection connection) {
        this.connection = connection;
    }

    List<Map<String, String>> rows(String sql, String... parameters) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                query.setString(i + 1, parameters[i]);
            }
            try (ResultSet result = query.executeQuery()) {
                ResultSetMetaData columns = result.getMetaData();
                List<Map<String, String>> rows = new ArrayList<>();
                while (result.next()) {
                    Map<String, String> row = new LinkedHashMap<>();
                    for (int i = 1; i <= columns.getColumnCount(); i++) {
                        row.put(columns.getColumnName(i), result.getString(i));
                    }
                    rows.add(row);
                }
                return rows;
            }
        }
    }

    Optional<Map<String, String>> row(String sql, String... parameters) throws SQLException {
        return rows(sql, parameters).stream().findFirst();
    }
}
