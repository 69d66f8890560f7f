package io.ledgerconnect.sink.config;

/**
 * Whether a text stays one expression when it is put into parentheses: every quote and parenthesis in it is closed, and
 * nothing ends the statement. What the expression does, the server judges.
 *
 * <p>Where a reader of SQL has a choice that depends on settings (backslashes, dollar quotes), the text is refused, so
 * that the server cannot read it otherwise than it is read here.
 */
public final class SqlExpression {
    private final String text;
    private int at;

    private SqlExpression(String text) {
        this.text = text;
    }

    /**
     * Reads the text.
     *
     * @throws IllegalArgumentException that says what in it is not allowed
     */
    public static void check(String text) {
        if (text == null || text.isBlank()) {
            throw new IllegalArgumentException("is empty");
        }
        new SqlExpression(text).read();
    }

    private void read() {
        int open = 0;
        for (at = 0; at < text.length(); at++) {
            switch (text.charAt(at)) {
                case '\'' -> skipQuoted('\'', "a string");
                case '"' -> skipQuoted('"', "a quoted name");
                case '(' -> open++;
                case ')' -> {
                    if (--open < 0) {
                        throw new IllegalArgumentException("closes a parenthesis that it did not open");
                    }
                }
                case '-' -> rejectComment('-', "--");
                case '/' -> rejectComment('*', "/*");
                default -> checkCharacter(text.charAt(at));
            }
        }
        if (open > 0) {
            throw new IllegalArgumentException("opens a parenthesis that it does not close");
        }
    }

    private void skipQuoted(char quote, String what) {
        for (at++; at < text.length(); at++) {
            char next = text.charAt(at);
            if (next == '\\' || next == 0) {
                throw new IllegalArgumentException("has a backslash or a zero character in " + what
                        + ", which servers read in several ways: use chr()");
            }
            if (next == quote) {
                return; // one that is doubled begins the next piece, which makes no difference here
            }
        }
        throw new IllegalArgumentException("does not close " + what);
    }

    private void rejectComment(char second, String comment) {
        if (at + 1 < text.length() && text.charAt(at + 1) == second) {
            throw new IllegalArgumentException("has a comment (" + comment + "): leave it out");
        }
    }

    private void checkCharacter(char character) {
        switch (character) {
            case ';' -> throw new IllegalArgumentException("has a semicolon: one expression is one value");
            case '$', '\\', '{', '}', '?', 0 ->
                throw new IllegalArgumentException("has the character " + (character == 0 ? "zero" : character)
                        + " outside of quotes, which an expression does not need");
            default -> {}
        }
    }
}
