package io.ledgerconnect.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server whose encoding lacks a character takes no statement that has it, so statements are ASCII. */
class SqlTextTest {
    private static final String LITERAL = "\"(?:[^\"\\\\\\n]|\\\\.)*\"";
    /** Text blocks, and literals that begin as a statement does, with those that are added to them. */
    private static final Pattern SQL = Pattern.compile("(?s:\"\"\".*?\"\"\")"
            + "|\"(?:SELECT|INSERT|UPDATE|DELETE|WITH|COPY|CREATE|ALTER|DROP|TRUNCATE|SET|FETCH|DECLARE|START|BEGIN) "
            + "(?:[^\"\\\\\\n]|\\\\.)*\"(?:\\s*\\+\\s*(?:[\\w.()]+\\s*\\+\\s*)*" + LITERAL + ")*"
            + "|" + LITERAL);

    private static final Pattern STATEMENT = Pattern.compile("\"\"\"|\"[A-Z]{3,} ");
    private static final Pattern NOT_ASCII = Pattern.compile("[^\\x00-\\x7F]");
    /** Quotes as characters, which begin no literal, and comments. */
    private static final Pattern NOT_CODE = Pattern.compile("'\\\\?\"'|(?m:^\\s*(?:/?\\*|//).*$)");

    @ParameterizedTest
    @ValueSource(strings = {"common", "source-connector", "sink-connector"})
    void statementsAreAscii(String module) throws IOException {
        Path main = Path.of("..", module, "src", "main");
        try (Stream<Path> files = Files.walk(main)) {
            List<String> wrong = files.filter(Files::isRegularFile)
                    .flatMap(SqlTextTest::statements)
                    .filter(statement -> NOT_ASCII.matcher(statement).find())
                    .toList();
            assertThat(wrong).isEmpty();
        }
    }

    private static Stream<String> statements(Path file) {
        String text = text(file);
        if (file.toString().endsWith(".sql")) {
            return Stream.of(text);
        }
        return file.toString().endsWith(".java")
                ? SQL.matcher(NOT_CODE.matcher(text).replaceAll(""))
                        .results()
                        .map(found -> found.group())
                        .filter(found -> STATEMENT.matcher(found).lookingAt())
                : Stream.empty();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
