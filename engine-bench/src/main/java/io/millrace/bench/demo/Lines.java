package io.millrace.bench.demo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Cuts bytes into lines. Stateless. */
final class Lines {
    private Lines() {}

    /**
     * The lines of a file, each with the line feed that ends it; what follows the last one is a line too, if it is
     * anything. Together they are the file again, whatever bytes it has.
     */
    static List<byte[]> of(byte[] content) {
        List<byte[]> lines = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < content.length; i++) {
            if (content[i] == '\n' || i == content.length - 1) {
                lines.add(Arrays.copyOfRange(content, start, i + 1));
                start = i + 1;
            }
        }
        return lines;
    }
}
