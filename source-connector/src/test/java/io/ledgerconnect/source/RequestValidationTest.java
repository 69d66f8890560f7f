package io.ledgerconnect.source;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Mistakes in what asks for a snapshot are found before it begins. */
class RequestValidationTest extends ValidationFixture {
    @BeforeEach
    void ask() {
        settings.put("snapshot.request.id", "one");
        settings.put("snapshot.request.tables", "public.accounts");
    }

    @Test
    void acceptsTablesAndConditions() {
        settings.put("snapshot.request.condition.public.accounts", "owner LIKE '%?' -- all");
        expectNothing();
    }

    @Test
    void namesAnExpressionThatMatchesNothing() {
        settings.put("snapshot.request.tables", "public.accounts,public.acounts");
        expect("snapshot.request.tables", "'public.acounts' matches none of the captured tables");
    }

    @Test
    void asksForTables() {
        settings.remove("snapshot.request.tables");
        expect("snapshot.request.tables", "does not say of which tables");
    }

    @Test
    void namesAConditionThatTheLedgerDoesNotTake() {
        settings.put("snapshot.request.condition.public.accounts", "owned = 'me'");
        expect(
                "snapshot.request.condition.public.accounts",
                "is no condition over table public.accounts",
                "column \"owned\" does not exist");
    }

    @Test
    void takesNoStatementForACondition() {
        settings.put("snapshot.request.condition.public.accounts", "true); DROP TABLE accounts; --");
        expect("snapshot.request.condition.public.accounts", "may have no semicolon");
    }

    @Test
    void namesAConditionForATableThatIsNotCaptured() {
        settings.put("snapshot.request.condition.public.others", "true");
        expect("snapshot.request.condition.public.others", "Table public.others is not captured");
    }

    @Test
    void acceptsKeys() {
        settings.put("snapshot.request.keys.public.accounts", "[{\"id\": \"7\"}, {\"id\": 8}]");
        expectNothing();
    }

    @Test
    void namesKeysThatAreNone() {
        settings.put("snapshot.request.keys.public.accounts", "[{\"id\": \"7\"}, {\"id\": null}]");
        expect("snapshot.request.keys.public.accounts", "JSON array", "element 2 has no value of column id");
        settings.put("snapshot.request.keys.public.accounts", "[{\"id\": ");
        expect("snapshot.request.keys.public.accounts", "it is no JSON");
        settings.put("snapshot.request.keys.public.accounts", "[]");
        expect("snapshot.request.keys.public.accounts", "no array of objects");
    }

    @Test
    void namesKeysOfOtherColumns() {
        settings.put("snapshot.request.keys.public.accounts", "[{\"owner\": \"7\"}]");
        expect("snapshot.request.keys.public.accounts", "by [owner], and their key is [id]");
    }

    @Test
    void namesKeysBesideACondition() {
        settings.put("snapshot.request.condition.public.accounts", "true");
        settings.put("snapshot.request.keys.public.accounts", "[{\"id\": 8}]");
        expect("snapshot.request.keys.public.accounts", "leave one out");
    }

    @Test
    void namesASignalTableThatIsNotCaptured() {
        settings.put("signal.data.collection", "public.signals");
        expect("signal.data.collection", "is not captured", "CREATE TABLE public.signals");
    }

    @Test
    void namesWhatASignalTableLacks() {
        settings.put("signal.data.collection", "public.accounts");
        expect("signal.data.collection", "has no columns [type, data]");
    }

    @Test
    void needsASecret() {
        settings.put("snapshot.request.key", "");
        expect("snapshot.request.id", "there is no secret to sign them with", "snapshot.request.key");
    }
}
