package io.ledgerconnect.common.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.CaseInsensitiveValidString;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.LambdaValidator;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigDef.Validator;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.junit.jupiter.api.Test;

final class ConfigReferenceTest {
    private final ConfigDef settings = new ConfigDef();

    @Test
    void listsGroupsAndSettingsInTheirOrder() {
        define("b.last", Type.STRING, null, null, "Second.", "Zeroth", 2);
        define("a.other", Type.INT, 5, Range.between(1, 9), "Other.", "Alpha", 1);
        define("c.first", Type.STRING, ConfigDef.NO_DEFAULT_VALUE, null, "First.", "Zeroth", 1);
        assertThat(ConfigReference.markdown("Title", "Introduction.\n", settings))
                .isEqualTo("""
                # Title

                Introduction.

                ## Zeroth

                | Setting | Type | Default | Valid | Meaning |
                |---|---|---|---|---|
                | `c.first` | string | **required** |  | First. |
                | `b.last` | string |  |  | Second. |

                ## Alpha

                | Setting | Type | Default | Valid | Meaning |
                |---|---|---|---|---|
                | `a.other` | int | `5` | 1 to 9 | Other. |
                """);
    }

    @Test
    void saysWhatIsValid() {
        assertThat(rowOf(Type.INT, 1, Range.atLeast(1))).contains("| 1 or more |");
        assertThat(rowOf(Type.STRING, "x", CaseInsensitiveValidString.in("y", "x")))
                .contains("| `x`, `y` |");
        assertThat(rowOf(Type.STRING, "y", ValidString.in("y", "x"))).contains("| `x`, `y` |");
        assertThat(rowOf(Type.STRING, "x", LambdaValidator.with((name, value) -> {}, () -> "a rule")))
                .contains("| a rule |");
    }

    @Test
    void showsDefaults() {
        assertThat(rowOf(Type.LIST, List.of("a", "b"), null)).contains("| `a,b` |");
        assertThat(rowOf(Type.LIST, List.of(), null)).contains("| list |  |");
        assertThat(rowOf(Type.BOOLEAN, false, null)).contains("| `false` |");
    }

    @Test
    void keepsTextFromBreakingTheTable() {
        define("s", Type.STRING, null, null, "one|two\nthree", "G", 1);
        assertThat(ConfigReference.markdown("T", "I", settings)).contains("| one\\|two three |");
    }

    private static String rowOf(Type type, Object value, Validator validator) {
        ConfigDef one = new ConfigDef();
        one.define("s", type, value, validator, Importance.LOW, "Text.", "G", 1, Width.SHORT, "s");
        return ConfigReference.markdown("T", "I", one);
    }

    private void define(
            String name, Type type, Object value, Validator validator, String text, String group, int order) {
        settings.define(name, type, value, validator, Importance.LOW, text, group, order, Width.SHORT, name);
    }
}
