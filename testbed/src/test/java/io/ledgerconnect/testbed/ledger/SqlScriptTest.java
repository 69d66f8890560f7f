package io.ledgerconnect.testbed.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqlScriptTest {
    @TempDir
    private Path directory;

    @Test
    void putsInVariablesAsQuotedLiterals() throws IOException {
        assertThat(script("CREATE ROLE a PASSWORD :'secret';").statements(Map.of("secret", "o'neill $1\\")))
                .isEqualTo("CREATE ROLE a PASSWORD 'o''neill $1\\';");
    }

    @Test
    void leavesCastsAsTheyAre() throws IOException {
        String sql = "SELECT '1'::int, x::'name'";
        assertThat(script(sql).statements(Map.of())).isEqualTo(sql);
    }

    @Test
    void namesTheVariableThatHasNoValue() throws IOException {
        SqlScript script = script("SELECT :'secret'");
        assertThatThrownBy(() -> script.statements(Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("variable secret");
    }

    @Test
    void skipsTheSwitchThatStopsPsqlAtErrors() throws IOException {
        assertThat(script("\\set ON_ERROR_STOP on\nSELECT 1").statements(Map.of()))
                .isEqualTo("\nSELECT 1");
    }

    @Test
    void refusesOtherMetaCommands() throws IOException {
        SqlScript script = script("SELECT 1\n\\gexec\n");
        assertThatThrownBy(() -> script.statements(Map.of())).hasMessageContaining("\\gexec");
    }

    private SqlScript script(String text) throws IOException {
        return SqlScript.read(Files.writeString(directory.resolve("script.sql"), text));
    }
}
