package io.ledgerconnect.source;

import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;
import org.postgresql.PGConnection;

/** Random transactions of every kind on three tables: a plain one, one with two key columns, one of full identity. */
final class RandomLedger {
    private final Random random;
    private final Connection connection;
    private int lastId;
    private int lastColumn;

    RandomLedger(long seed, Connection connection) {
        this.random = new Random(seed);
        this.connection = connection;
    }

    static String[] tables() {
        return new String[] {
            "CREATE TABLE a (id bigint PRIMARY KEY, v text, n numeric(20,4))",
            "CREATE TABLE b (note text, line int, book text, PRIMARY KEY (book, line))",
            "ALTER TABLE b ALTER note SET STORAGE EXTERNAL",
            "CREATE TABLE c (id numeric PRIMARY KEY, v jsonb, tags int[], at timestamptz)",
            "ALTER TABLE c REPLICA IDENTITY FULL"
        };
    }

    void run(int transactions) throws SQLException, IOException {
        connection.setAutoCommit(false);
        for (int i = 0; i < transactions; i++) {
            int statements = random.nextInt(6);
            for (int j = 0; j < statements; j++) {
                change();
            }
            if (random.nextInt(10) == 0) {
                alter();
            }
            if (random.nextInt(12) == 0) {
                connection.rollback();
            } else {
                connection.commit();
            }
        }
    }

    private void change() throws SQLException, IOException {
        if (random.nextInt(6) == 0) {
            var savepoint = connection.setSavepoint();
            statement();
            if (random.nextBoolean()) {
                connection.rollback(savepoint);
                return;
            }
        }
        statement();
    }

    private void statement() throws SQLException, IOException {
        switch (random.nextInt(14)) {
            case 0, 1 -> insert("INSERT INTO a SELECT i, 'v' || i, i / 3.0 FROM generate_series(%d, %d) i");
            case 2 ->
                insert("INSERT INTO b SELECT repeat('n', 10 + i %% 2 * 5000), i, 'book' || i %% 3"
                        + " FROM generate_series(%d, %d) i");
            case 3 ->
                insert("INSERT INTO c SELECT i + 0.50, jsonb_build_object('i', i), ARRAY[i, NULL], now()"
                        + " FROM generate_series(%d, %d) i");
            case 4 -> copy();
            case 5 -> execute("UPDATE a SET v = v || 'u', n = -n WHERE id %% 7 = %d", random.nextInt(7));
            case 6 -> execute("UPDATE b SET line = -line WHERE line %% 11 = %d", random.nextInt(11));
            case 7 -> execute("UPDATE c SET tags = tags || 1, id = id + 0.001 WHERE id %% 5 < %d", random.nextInt(3));
            case 8 -> execute("UPDATE a SET id = -id WHERE id %% 13 = %d", random.nextInt(13));
            case 9 -> execute("DELETE FROM a WHERE id %% 9 = %d", random.nextInt(9));
            case 10 -> execute("DELETE FROM c WHERE id < %d", random.nextInt(1 + lastId));
            case 12 ->
                execute("SELECT pg_logical_emit_message(%b, 'p', 'm%d')", random.nextBoolean(), random.nextInt(100));
            case 11 -> execute("UPDATE b SET book = book WHERE line > %d", random.nextInt(1 + lastId));
            default -> execute(random.nextInt(4) == 0 ? "TRUNCATE a, c" : "CREATE TEMP TABLE x (y int) ON COMMIT DROP");
        }
    }

    private void insert(String format) throws SQLException {
        int from = lastId + 1;
        lastId += 1 + random.nextInt(20);
        execute(format, from, lastId);
    }

    private void copy() throws SQLException, IOException {
        StringBuilder rows = new StringBuilder();
        for (int i = random.nextInt(20); i >= 0; i--) {
            rows.append(++lastId).append("\tcopied\t1.5\n");
        }
        connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn("COPY a (id, v, n) FROM STDIN", new StringReader(rows.toString()));
    }

    private void alter() throws SQLException {
        switch (random.nextInt(3)) {
            case 0 -> execute("ALTER TABLE a ADD COLUMN x%d int DEFAULT 5", ++lastColumn);
            case 1 -> {
                if (lastColumn > 0) {
                    execute("ALTER TABLE a DROP COLUMN IF EXISTS x%d", lastColumn);
                }
            }
            default -> {
                execute("ALTER TABLE c ADD COLUMN y%d text", ++lastColumn);
                execute("UPDATE c SET y%d = 'y'", lastColumn);
                execute("ALTER TABLE c RENAME COLUMN y%1$d TO z%1$d", lastColumn);
            }
        }
    }

    private void execute(String format, Object... values) throws SQLException {
        var savepoint = connection.setSavepoint();
        try (Statement statement = connection.createStatement()) {
            statement.execute(String.format(format, values));
            connection.releaseSavepoint(savepoint);
        } catch (SQLException e) {
            connection.rollback(savepoint); // a duplicate key, a temporary table that is there: part of the game
        }
    }
}
