package io.millrace.bench.demo;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sets what was sent against what came back. Confined to one thread. */
final class Comparison {
    private final List<String> problems = new ArrayList<>();

    private Comparison() {}

    /** Every difference, one sentence each; none if all files came back byte for byte. */
    static List<String> problems(List<SentFile> sent, RebuiltFiles rebuilt) {
        Comparison comparison = new Comparison();
        for (SentFile file : sent) {
            comparison.compare(file, rebuilt.find(file.number()));
        }
        if (rebuilt.count() > sent.size()) {
            comparison.problems.add(
                    "files came back that were never sent: sent=" + sent.size() + " rebuilt=" + rebuilt.count());
        }
        return comparison.problems;
    }

    private void compare(SentFile sent, @Nullable RebuiltFile rebuilt) {
        if (rebuilt == null) {
            problems.add("nothing of a file came back: name=" + sent.name());
            return;
        }
        compareNames(sent, rebuilt);
        List<Integer> missing = rebuilt.missing(sent.lines());
        if (missing.isEmpty()) {
            compareContents(sent, rebuilt.content());
        } else {
            problems.add("lines were lost: name=" + sent.name() + " lost=" + missing.size() + " of=" + sent.lines()
                    + " first=" + (missing.get(0) + 1));
        }
    }

    private void compareNames(SentFile sent, RebuiltFile rebuilt) {
        if (rebuilt.name().isEmpty()) {
            problems.add("the name of a file was lost: name=" + sent.name());
        } else if (!rebuilt.name().equals(sent.name()) || rebuilt.lineCount() != sent.lines()) {
            problems.add("name or length of a file differs: sent=" + sent.name() + " lines=" + sent.lines()
                    + " rebuilt=" + rebuilt.name() + " lines=" + rebuilt.lineCount());
        }
    }

    private void compareContents(SentFile sent, List<byte[]> content) {
        if (content.size() > sent.lines()) {
            problems.add("lines came back that were never sent: name=" + sent.name() + " sent=" + sent.lines()
                    + " rebuilt=" + content.size());
        }
        String sha256 = Sha256.of(content);
        if (!sha256.equals(sent.sha256())) {
            problems.add("a file differs: name=" + sent.name() + " firstDifferentLine="
                    + (sent.firstDifference(content) + 1) + " sha256=" + sha256 + " expected=" + sent.sha256());
        }
    }
}
