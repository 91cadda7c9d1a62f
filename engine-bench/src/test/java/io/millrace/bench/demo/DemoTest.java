package io.millrace.bench.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Message;
import io.millrace.api.queue.MessageQueue;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The demo must come through with any file, and must notice every way of damaging one. */
@Timeout(60)
class DemoTest {
    private static final DemoConfig CONFIG =
            DemoConfig.defaults().withVisibilityTimeout(Duration.ofMillis(50)).withPatience(Duration.ofSeconds(2));

    @TempDir
    private Path directory;

    private void write(String name, byte... content) throws IOException {
        Files.write(Path.of(URI.create(directory.toUri() + name)), content);
    }

    private void writeLines(String name, int count) throws IOException {
        StringBuilder content = new StringBuilder();
        for (int i = 1; i <= count; i++) {
            content.append("line ").append(i).append('\n');
        }
        Files.writeString(directory.resolve(name), content);
    }

    private DemoReport run(DemoConfig config, Function<MessageQueue, Outbox> outboxes)
            throws IOException, InterruptedException {
        InputFiles files = InputFiles.below(directory, config.maxFileBytes());
        try (ProgressView view = new ProgressLinesView(new PrintWriter(new StringWriter()), files.totalBytes())) {
            return new Demo(config, files, Storage.inMemory(), outboxes).run(view);
        }
    }

    private DemoReport run() throws IOException, InterruptedException {
        return run(CONFIG, queue -> queue::send);
    }

    @Nested
    class WithoutInterference {
        @Test
        void shouldRebuildFilesOfEveryKind() throws Exception {
            byte[] noise = new byte[100_000];
            new Random(1).nextBytes(noise);
            write("noise", noise);
            write("empty");
            write("one-byte", (byte) 0);
            write("only-line-breaks", (byte) '\n', (byte) '\n', (byte) '\r', (byte) '\n');
            write("no-line-break-at-end", (byte) 'a', (byte) '\n', (byte) 'b');
            write("caf%E9%FF%20%0A", (byte) 0xFF, (byte) 0xFE);
            writeLines("lines", 500);

            DemoReport report = run();

            assertThat(report.problems()).isEmpty();
            assertThat(report.files()).isEqualTo(7);
            assertThat(report.messages()).isEqualTo(report.files() + report.lines());
        }

        @Test
        void shouldFailOnPurposeAndRedriveHoweverSmallTheInput() throws Exception {
            writeLines("lines", 2);

            DemoReport report = run();

            assertThat(report.problems()).isEmpty();
            assertThat(report.messages()).isEqualTo(3);
            assertThat(report.redeliveries()).isPositive();
            assertThat(report.deadLetters()).isEqualTo(2);
            assertThat(report.redriven()).isEqualTo(2);
            assertThat(report.deliveries()).isGreaterThan(report.messages());
        }

        @Test
        void shouldSendAFileThatIsOneLongLine() throws Exception {
            write("long", new byte[3 << 20]);

            assertThat(run().problems()).isEmpty();
        }

        @Test
        void shouldComeThroughWithOneConsumerAndWithMany() throws Exception {
            writeLines("lines", 2_000);

            assertThat(run(CONFIG.withConsumers(1), queue -> queue::send).problems())
                    .isEmpty();
            assertThat(run(CONFIG.withConsumers(16), queue -> queue::send).problems())
                    .isEmpty();
        }
    }

    @Nested
    class WhenALineIsTamperedWith {
        /** The 51st line, which comes after the first messages that fail on purpose. */
        private static final String VICTIM = "50";

        private boolean isVictim(Message message) {
            return message.attributes().text("line").filter(VICTIM::equals).isPresent();
        }

        @Test
        void shouldNameFileAndLineOfAChange() throws Exception {
            writeLines("lines", 100);

            DemoReport report = run(
                    CONFIG,
                    queue -> message -> queue.send(
                            isVictim(message)
                                    ? Message.text("line 5l\n").withAttributes(message.attributes())
                                    : message));

            assertThat(report.isOk()).isFalse();
            assertThat(report.problems())
                    .singleElement()
                    .asString()
                    .contains("a file differs: name=lines")
                    .contains("firstDifferentLine=51");
        }

        @Test
        void shouldNameFileAndLineOfALoss() throws Exception {
            writeLines("lines", 100);

            DemoReport report = run(CONFIG, queue -> message -> {
                if (!isVictim(message)) {
                    queue.send(message);
                }
            });

            assertThat(report.problems()).contains("lines were lost: name=lines lost=1 of=100 first=51");
        }

        @Test
        void shouldNoticeALineThatIsThereTwice() throws Exception {
            writeLines("lines", 100);

            DemoReport report = run(CONFIG, queue -> message -> {
                queue.send(message);
                if (isVictim(message)) {
                    queue.send(message);
                }
            });

            assertThat(report.problems()).contains("a message was there twice: file=0 line=51");
        }

        @Test
        void shouldNoticeALineInAnotherPlace() throws Exception {
            writeLines("lines", 100);

            DemoReport report = run(
                    CONFIG, queue -> message -> queue.send(isVictim(message) ? message.with("line", 100) : message));

            assertThat(report.problems()).contains("lines were lost: name=lines lost=1 of=100 first=51");
        }

        @Test
        void shouldNoticeALineThatWasAdded() throws Exception {
            writeLines("lines", 100);

            DemoReport report = run(CONFIG, queue -> message -> {
                queue.send(message);
                if (isVictim(message)) {
                    queue.send(message.with("line", 100));
                }
            });

            assertThat(report.problems())
                    .contains("lines came back that were never sent: name=lines sent=100 rebuilt=101");
        }

        @Test
        void shouldNoticeALineWithoutItsNumber() throws Exception {
            writeLines("lines", 100);

            DemoReport report =
                    run(CONFIG, queue -> message -> queue.send(isVictim(message) ? Message.text("who am I") : message));

            assertThat(report.problems()).anyMatch(problem -> problem.startsWith("a message was not what was sent"));
        }
    }

    @Test
    void shouldNoticeAnotherName() throws Exception {
        writeLines("lines", 10);

        DemoReport report = run(
                CONFIG,
                queue -> message -> queue.send(
                        message.attributes().find("lines").isPresent()
                                ? Message.text("other").withAttributes(message.attributes())
                                : message));

        assertThat(report.problems())
                .contains("name or length of a file differs: sent=lines lines=10 rebuilt=other lines=10");
    }
}
