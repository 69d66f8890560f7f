package io.ledgerconnect.source;

import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Validation of which tables and columns are captured, and of the topics they go to. */
class TableValidationTest extends ValidationFixture {

    @Test
    void namesAKeyColumnOfATypeThatIsNotKnown() throws SQLException {
        LedgerServer.execute(
                database,
                "CREATE EXTENSION cube",
                "CREATE TABLE spots (place cube PRIMARY KEY, spot cube, id int UNIQUE NOT NULL)");
        expect("message.key.columns", "public.spots.place", "cube", "in a key", "table.exclude.list=public\\.spots");
        settings.put("message.key.columns", "public.spots:id");
        LedgerServer.execute(database, "ALTER TABLE spots REPLICA IDENTITY FULL");
        expectNothing();
    }

    @Test
    void namesAColumnThatWouldEndTheStream() throws SQLException {
        LedgerServer.execute(
                database,
                "CREATE EXTENSION seg",
                "CREATE TYPE measured AS (at timestamptz, length seg)",
                "ALTER TABLE accounts ADD lengths seg[]");
        settings.put("column.exclude.list", "public\\.accounts\\.lengths");
        expect("publication.name", "public.accounts.lengths", "type seg", "no binary form", "other columns only");
        LedgerServer.execute(database, "ALTER TABLE accounts DROP lengths, ADD measured measured");
        settings.remove("column.exclude.list");
        expect("publication.name", "public.accounts.measured", "type seg");
        LedgerServer.execute(database, "ALTER TABLE accounts DROP measured, ADD length seg");
        expectNothing();
    }

    @Test
    void namesAPatternThatMatchesNothing() {
        settings.put("table.include.list", "public\\.accounts,public\\.acounts");
        expect("table.include.list", "public\\.acounts");
    }

    @Test
    void namesTablesThatWouldShareATopic() throws SQLException {
        LedgerServer.execute(
                database, "CREATE TABLE \"a b\" (id int PRIMARY KEY)", "CREATE TABLE a_b (id int PRIMARY KEY)");
        expect("table.include.list", "public.\"a b\"", "public.a_b", "t.public.a_b", "table.exclude.list");
    }

    @Test
    void tellsTablesApartWhoseNamesReadTheSame() throws SQLException {
        LedgerServer.execute(
                database,
                "CREATE SCHEMA \"other.deep\"",
                "CREATE TABLE \"other.deep\".book (id int PRIMARY KEY)",
                "CREATE TABLE other.\"deep.book\" (id int PRIMARY KEY)");
        expect(
                "table.include.list",
                "\"other.deep\".book",
                "other.\"deep.book\"",
                "t.other.deep.book",
                "Run ALTER TABLE ",
                " RENAME TO");
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "-1, as many as the brokers choose"})
    void namesTopicsThatWouldHaveTooFewPartitions(String partitions, String told) {
        settings.put("topic.creation.default.partitions", "3");
        settings.put("topic.creation.groups", "marks, small,all");
        settings.put("topic.creation.marks.include", "t\\.watermarks");
        settings.put("topic.creation.marks.partitions", "1");
        settings.put("topic.creation.small.include", "x,t\\.public\\..*");
        settings.put("topic.creation.small.partitions", partitions);
        settings.put("topic.creation.all.include", ".*");
        expect("topic.creation.small.partitions", "t.public.accounts", "says " + told, "small.partitions=3");
        settings.put("topic.creation.small.exclude", ".*accounts");
        expectNothing();
        settings.remove("topic.creation.small.exclude");
        settings.put("topic.creation.small.partitions", "4");
        expectNothing();
    }

    @Test
    void namesASchemaThatIsNotThereOnce() {
        settings.put("table.include.list", "nowhere\\.a,nowhere\\.b,nowhere.c,public\\.accounts");
        expect("table.include.list", "no table in a schema 'nowhere'", "nowhere\\.a, nowhere\\.b, nowhere.c");
    }

    @Test
    void doesNotWaitForATableThatIsLocked() throws SQLException {
        LedgerServer.execute(database, "CREATE TABLE vast (id int)");
        settings.put("table.include.list", "public.accounts");
        try (Connection locker = LedgerServer.connect(database)) {
            locker.setAutoCommit(false);
            try (var statement = locker.createStatement()) {
                statement.execute("LOCK TABLE vast IN ACCESS EXCLUSIVE MODE");
            }
            expectNothing();
        }
    }
}
