package io.ledgerconnect.cli.connection;

import io.ledgerconnect.cli.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file whose first line is a secret. */
public final class PasswordFile {
    private PasswordFile() {}

    /** Its first line; null where no file was given. */
    public static String read(Path file) {
        if (file == null) {
            return null;
        }
        try {
            return Files.readString(file).lines().findFirst().orElse("");
        } catch (IOException e) {
            throw new CommandException("The password file " + file + " cannot be read.", e);
        }
    }
}
