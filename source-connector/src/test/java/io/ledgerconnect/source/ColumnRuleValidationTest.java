package io.ledgerconnect.source;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules that would not hide what they name are errors: values would be sent in the clear. */
class ColumnRuleValidationTest extends ValidationFixture {
    @BeforeEach
    void createOwners() throws SQLException {
        LedgerServer.execute(
                database, "CREATE TABLE owners (phone text PRIMARY KEY, iban varchar(34), born date, lines text[])");
    }

    @Test
    void acceptsEveryKindOfRule() {
        settings.put("column.truncate.to.2.chars", "public.owners.iban");
        settings.put("column.mask.with.0.chars", "public\\.accounts\\.owner");
        settings.put("column.mask.hmac", "public.owners.phone");
        settings.put("column.mask.hmac.key", SECRET);
        expectNothing();
    }

    @Test
    void namesAMaskThatItDoesNotKnow() {
        String setting = "column.mask.hash.SHA-256.with.salt.x";
        settings.put(setting, "public.owners.iban");
        String sentence =
                setting + " has no effect here: the values would be sent in the clear. Use column.mask.hmac, a"
                        + " hash with a secret key, or leave the columns out with column.exclude.list.";
        expect(setting, sentence);
        assertThatThrownBy(() -> new LedgerSourceTask().start(settings))
                .isInstanceOf(ConnectException.class)
                .hasMessage(sentence);
    }

    @ParameterizedTest
    @ValueSource(strings = {"column.mask.hmacs", "column.mask.hmac.keys", "column.mask.iban"})
    void namesAMaskThatIsMisspelt(String setting) {
        settings.put(setting, "public.owners.iban");
        expect(setting, "in the clear");
    }

    @ParameterizedTest
    @ValueSource(strings = {"column.truncate.to.few.chars", "column.mask.with.-1.chars", "column.mask.with..chars"})
    void namesALengthThatIsNone(String setting) {
        settings.put(setting, "public.owners.iban");
        expect(setting, "needs a number of characters", ".4.chars");
    }

    @ParameterizedTest
    @ValueSource(strings = {"column.truncate.to.4.chars", "column.mask.with.4.chars", "column.mask.hmac"})
    void namesAColumnThatIsNotThere(String setting) {
        settings.put("column.mask.hmac.key", SECRET);
        settings.put(setting, "public.owners.iban,public.owners.email");
        expect(setting, "'public.owners.email' matches no column", "hides nothing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"born", "lines"})
    void namesAColumnThatIsNoText(String column) {
        settings.put("column.mask.with.4.chars", "public.owners." + column);
        expect("column.mask.with.4.chars", "Column public.owners." + column + " is not text", "column.exclude.list");
    }

    @Test
    void namesAKeyThatWouldNotTellRowsApart() {
        settings.put("column.truncate.to.4.chars", "public.owners.phone");
        expect("column.truncate.to.4.chars", "public.owners.phone is in the key", "column.mask.hmac");
    }

    @Test
    void namesAColumnOfTwoRules() {
        settings.put("column.truncate.to.4.chars", "public.owners.iban");
        settings.put("column.mask.with.4.chars", ".*iban");
        expect("column.truncate.to.4.chars", "public.owners.iban", "column.mask.with.4.chars", "one of them");
    }

    @Test
    void namesAPatternThatIsNone() {
        settings.put("column.truncate.to.4.chars", "public.(owners");
        expect("column.truncate.to.4.chars", "regular expressions", "public.(owners");
    }

    @Test
    void namesARuleOfNoColumns() {
        settings.put("column.truncate.to.4.chars", " , ");
        expect("column.truncate.to.4.chars", "names no columns");
    }

    @Test
    void namesAMissingKey() {
        settings.put("column.mask.hmac", "public.owners.iban");
        expect("column.mask.hmac.key", "There is no column.mask.hmac.key", "config provider");
        settings.put("column.mask.hmac.key", "too-short");
        expect("column.mask.hmac.key", "found by trying");
    }
}
