package io.ledgerconnect.testbed.pipeline;

import java.security.SecureRandom;
import java.util.HexFormat;

/** The passwords of one run's roles. */
record Passwords(String app, String capture, String reporting) {

    static Passwords random() {
        SecureRandom random = new SecureRandom();
        return new Passwords(next(random), next(random), next(random));
    }

    private static String next(SecureRandom random) {
        byte[] bytes = new byte[6];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    @Override
    public String toString() {
        return "passwords";
    }
}
