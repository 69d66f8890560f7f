package io.ledgerconnect.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What docs/failures.md says of messages is in the code, and the tests that it names are there. */
class FailurePageTest {
    private static final Path PAGE = Path.of("..", "docs", "failures.md");
    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");
    private static final Pattern TEST = Pattern.compile("(\\w+(?:Test|IT))(?:\\.(\\w+))?");
    /** Between two literals that are added up. */
    private static final Pattern JOINT = Pattern.compile("\"\\s*\\+\\s*\"");

    private static Stream<String> quoted() throws IOException {
        return QUOTED.matcher(Files.readString(PAGE)).results().map((MatchResult result) -> result.group(1));
    }

    private static String sources(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .map(FailurePageTest::read)
                    .collect(Collectors.joining("\n"));
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void messagesAreThoseOfTheConnector() throws IOException {
        String code = JOINT.matcher(sources(Path.of("src", "main"))).replaceAll("");
        List<String> messages = quoted().filter(text -> text.contains("…")).toList();
        assertThat(messages).hasSizeGreaterThan(20);
        for (String message : messages) {
            for (String fixed : message.split("…")) {
                // What ends a sentence may stand in the code before a blank, or after a value.
                String words = fixed.strip().replaceFirst("[.:]$", "");
                assertThat(code.contains(words))
                        .as("'%s' of '%s'", words, message)
                        .isTrue();
            }
        }
    }

    @Test
    void testsAreThere() throws IOException {
        List<MatchResult> tests = quoted().filter(TEST.asMatchPredicate())
                .flatMap(name -> TEST.matcher(name).results())
                .toList();
        assertThat(tests).hasSizeGreaterThan(30);
        String code = sources(Path.of("src", "test")) + sources(Path.of("..", "integration-tests", "src", "test"));
        for (MatchResult test : tests) {
            assertThat(code).as(test.group()).contains("class " + test.group(1) + ' ');
            if (test.group(2) != null) {
                assertThat(code).as(test.group()).contains("void " + test.group(2) + '(');
            }
        }
    }
}
