package io.millrace.stress.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.Engine;
import io.millrace.HookedEngine;
import io.millrace.api.DirectoryException;
import io.millrace.api.Durability;
import io.millrace.api.EngineConfig;
import io.millrace.core.file.FileHook;
import io.millrace.testkit.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sample of what the proof does, enough to see that it works. */
class ImageRunTest {
    private static final long SEED = Long.getLong("proof.seed", 1);
    private static final String QUEUE = "plain";
    private static final int MANY_CALLS = 400;

    @TempDir
    Path home;

    @Test
    void shouldFindWhatWasPromised() throws IOException {
        ImageRun.Report report = new ImageRun(SEED, home, 30, MANY_CALLS).run();

        assertThat(report.images()).isGreaterThanOrEqualTo(30);
        assertThat(report.tally())
                .containsKeys(
                        "send", "sendAll", "offer", "receive", "poll", "ack", "ackAll", "hide", "dead-letter", "tag");
    }

    @Test
    void shouldFindWhatWasPromisedWheneverThePowerGoes() throws IOException {
        ImageRun.Report report = new ImageRun(SEED, home, 1, 1).runAtEveryCall();

        assertThat(report.tally()).containsKeys("create", "delete", "update", "tag", "purge", "redrive");
    }

    @Test
    void shouldObjectToASendThatWasAnsweredTooEarly() throws IOException {
        Promises promises = new Promises();
        ManualClock clock = new ManualClock();
        Path data = home.resolve("data");
        CrashDisk disk = new CrashDisk(data);
        ImageJudge judge = new ImageJudge(promises, home, new SplittableRandom(SEED));
        try (Work work = new Work(data, disk, clock, promises, new SplittableRandom(SEED), new TreeMap<>())) {
            work.everything();
            judge.judge(disk.afterPowerLoss(new SplittableRandom(SEED)), clock);
            PromisedMessage message = promises.sending(new PromisedMessage(100_000, 10, "plain", 0));

            promises.sent(message, "told too early");

            assertThatThrownBy(() -> judge.judge(disk.afterPowerLoss(new SplittableRandom(SEED)), clock))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("lost");
        }
    }

    @Test
    void shouldKeepABrokenImage() throws IOException {
        Files.createDirectory(home.resolve("data"));
        Files.write(home.resolve("data").resolve("stranger"), new byte[] {1});

        assertThatThrownBy(() -> new ImageRun(SEED, home, 30, MANY_CALLS).run())
                .isInstanceOf(ImageRun.Broken.class)
                .hasMessageContaining("seed=" + SEED)
                .hasMessageContaining("kept: ");
        assertThat(home.resolve("broken")).isDirectory();
    }

    /** A disk that lies: it says that it has kept files, and has not. */
    private record Liar(CrashDisk disk) implements FileHook {
        @Override
        public void before(Operation operation, String file) throws IOException {
            disk.before(operation, file);
        }

        @Override
        public void after(Operation operation, String file, long offset, long length) {
            if (operation != Operation.FORCE) {
                disk.after(operation, file, offset, length);
            }
        }
    }

    @Test
    void shouldFindABugWhereAForceIsSkipped() throws IOException {
        Path data = home.resolve("data");
        CrashDisk disk = new CrashDisk(data);
        Promises promises = new Promises();
        ManualClock clock = new ManualClock();
        ImageJudge judge = new ImageJudge(promises, home, new SplittableRandom(SEED));
        EngineConfig config = EngineConfig.defaults().withClock(clock);
        try (Engine engine = HookedEngine.open(data, Durability.POWER_LOSS, config, new Liar(disk))) {
            promises.queue(QUEUE).making(Plan.config(QUEUE));
            engine.queue(QUEUE, Plan.config(QUEUE));
            promises.queue(QUEUE).made();

            assertThatThrownBy(() -> {
                        for (int i = 0; i < 20; i++) {
                            judge.judge(disk.afterPowerLoss(new SplittableRandom(i)), clock);
                        }
                    })
                    .isInstanceOfAny(AssertionError.class, DirectoryException.class);
        }
    }
}
