package io.millrace.bench.demo;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Digests of files. Stateless. */
final class Sha256 {
    private Sha256() {}

    /** The SHA-256 of all parts one after the other, in hexadecimal digits. */
    static String of(Iterable<byte[]> parts) {
        MessageDigest digest = create();
        parts.forEach(digest::update);
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest create() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
