package io.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.Engine;
import io.millrace.api.raw.Claim;
import io.millrace.api.raw.RawSender;
import java.io.File;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What the leak check finds, and what it does not mind. */
@ExtendWith(LeakCheck.class)
class InventoryTest {
    private static final long SHORT_MS = 10;

    private final Inventory before = Inventory.take();

    @Test
    void shouldFindNothingWhereNothingIsLeft() throws Exception {
        try (TestEngine engine = TestEngine.inMemory()) {
            engine.queue("orders").send("one");
        }
        try (Engine engine = Engine.inMemory()) {
            engine.queue("orders").send("one");
        }

        assertThat(before.leaks(SHORT_MS)).isEmpty();
    }

    @Nested
    class Engines {
        @Test
        void shouldFindAnEngineThatIsOpen() throws Exception {
            try (TestEngine engine = TestEngine.inMemory()) {
                engine.queue("orders").send("one");

                assertThat(before.leaks(SHORT_MS))
                        .singleElement()
                        .asString()
                        .startsWith("an engine that was not closed: bytes=");
            }
        }

        @Test
        void shouldFindMemoryThatAClosedEngineStillLends() throws Exception {
            final TestEngine engine = TestEngine.inMemory();
            final RawSender sender = engine.queue("orders").raw().sender();
            final Claim claim = sender.newClaim();
            assertThat(sender.tryClaim(8, claim)).isZero();
            engine.close();

            assertThat(before.leaks(SHORT_MS))
                    .singleElement()
                    .asString()
                    .startsWith("memory of a closed engine, still lent");

            claim.abort();
            assertThat(before.leaks(SHORT_MS)).isEmpty();
        }
    }

    @Nested
    class Threads {
        @Test
        void shouldFindTheThreadOfAnEngine() throws Exception {
            try (Engine engine = Engine.inMemory()) {
                assertThat(engine.stats().queues()).isZero();

                assertThat(before.leaks(SHORT_MS)).singleElement().asString().startsWith("thread millrace-conductor-");
            }
        }

        @Test
        void shouldFindAThreadThatKeepsTheJvmAliveAndNoOther() throws Exception {
            final CountDownLatch end = new CountDownLatch(1);
            final Thread user = started("user", false, end);
            final Thread daemon = started("daemon", true, end);

            assertThat(before.leaks(SHORT_MS)).containsExactly("thread user");

            end.countDown();
            user.join();
            daemon.join();
        }

        private Thread started(String name, boolean daemon, CountDownLatch end) {
            final Thread thread = new Thread(
                    () -> {
                        try {
                            end.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    },
                    name);
            thread.setDaemon(daemon);
            thread.start();
            return thread;
        }
    }

    @Nested
    class OpenFiles {
        @Test
        void shouldFindAFileThatIsOpen(@TempDir Path directory) throws Exception {
            assumeTrue(new File("/proc/self/fd").isDirectory(), "NOT RUN: there is no /proc");
            final Path file = Files.writeString(directory.resolve("orders.txt"), "one");
            try (InputStream in = Files.newInputStream(file)) {
                assertThat(in.read()).isEqualTo('o');

                assertThat(before.leaks(SHORT_MS)).containsExactly("open file " + file.toRealPath());
            }
            assertThat(before.leaks(SHORT_MS)).isEmpty();
        }
    }
}
