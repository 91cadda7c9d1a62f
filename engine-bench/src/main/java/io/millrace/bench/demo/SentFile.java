package io.millrace.bench.demo;

import java.util.Arrays;
import java.util.List;

/** What is remembered of a file that was sent, to know it again. Immutable. */
final class SentFile {
    private final int number;
    private final String name;
    private final long bytes;
    private final String sha256;
    private final int[] lineHashes;

    private SentFile(int number, String name, long bytes, String sha256, int[] lineHashes) {
        this.number = number;
        this.name = name;
        this.bytes = bytes;
        this.sha256 = sha256;
        this.lineHashes = lineHashes;
    }

    /** A file as it was read, digested before anything of it is sent. */
    static SentFile of(InputFile file, byte[] content, List<byte[]> lines) {
        int[] hashes = lines.stream().mapToInt(Arrays::hashCode).toArray();
        return new SentFile(file.number(), file.name(), content.length, Sha256.of(List.of(content)), hashes);
    }

    int number() {
        return number;
    }

    String name() {
        return name;
    }

    long bytes() {
        return bytes;
    }

    String sha256() {
        return sha256;
    }

    int lines() {
        return lineHashes.length;
    }

    /** Messages that carry the file: its name and its lines. */
    int messages() {
        return lineHashes.length + 1;
    }

    /** The first line that differs from what was sent, from 0, or -1 if the hashes show none. */
    int firstDifference(List<byte[]> rebuilt) {
        for (int line = 0; line < Math.min(lineHashes.length, rebuilt.size()); line++) {
            if (lineHashes[line] != Arrays.hashCode(rebuilt.get(line))) {
                return line;
            }
        }
        return -1;
    }
}
