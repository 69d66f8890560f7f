package io.ledgerconnect.testbed.ledger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A script for {@code psql -v name=value -f}, run without psql, which the embedded servers do not bring along. Knows of
 * psql what the scripts in {@code config/sql/} use: variables as literals ({@code :'name'}) and one meta-command.
 */
public final class SqlScript {
    private static final Pattern LITERAL_VARIABLE = Pattern.compile("(?<!:):'(\\w+)'");
    private static final Pattern META_COMMAND = Pattern.compile("(?m)^\\\\.*$");
    private static final String STOP_ON_ERROR = "\\set ON_ERROR_STOP on";

    private final Path file;
    private final String text;

    private SqlScript(Path file, String text) {
        this.file = file;
        this.text = text;
    }

    /** Reads a script. */
    public static SqlScript read(Path file) {
        try {
            return new SqlScript(file, Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs all statements of the script in one transaction, where psql would take one for each. */
    public void run(Connection connection, Map<String, String> variables) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(statements(variables));
        }
    }

    /**
     * The script with its variables put in.
     *
     * @throws IllegalArgumentException when a variable has no value, or the script needs psql itself
     */
    String statements(Map<String, String> variables) {
        String sql = META_COMMAND.matcher(text).replaceAll(this::withoutMetaCommand);
        return LITERAL_VARIABLE
                .matcher(sql)
                .replaceAll(variable -> Matcher.quoteReplacement(literal(variable.group(1), variables)));
    }

    private String withoutMetaCommand(MatchResult command) {
        if (!command.group().equals(STOP_ON_ERROR)) {
            throw new IllegalArgumentException(file + " has '" + command.group() + "', which only psql can run");
        }
        return "";
    }

    private String literal(String name, Map<String, String> variables) {
        String value = variables.get(name);
        if (value == null) {
            throw new IllegalArgumentException(file + " needs a value for the variable " + name);
        }
        return "'" + value.replace("'", "''") + "'";
    }
}
