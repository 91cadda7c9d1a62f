package io.millrace.testkit;

import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * Fails a test that leaves something behind which was not there before: a {@link TestEngine} that is open, or closed while its
 * memory is still lent; a thread of an engine, or any thread that would keep the JVM alive; an open file or socket (where
 * {@code /proc} tells). Stateless.
 *
 * <pre>
 * &#64;ExtendWith(LeakCheck.class)
 * class OrdersTest { ... }
 * </pre>
 *
 * <p>What exists before {@code @BeforeEach} methods run may stay; what is closed by {@code @AfterEach} methods is no leak.
 * Threads are given a second to end. Files that the JVM opens for itself do not count. All of this looks at the whole JVM, so tests
 * that run at the same time disturb each other.
 */
public final class LeakCheck implements BeforeEachCallback, AfterEachCallback {
    private static final Namespace NAMESPACE = Namespace.create(LeakCheck.class);
    private static final long GRACE_MS = 1_000L;

    /** For JUnit, which makes one where the class is named. */
    public LeakCheck() {}

    @Override
    public void beforeEach(ExtensionContext context) {
        context.getStore(NAMESPACE).put(Inventory.class, Inventory.take());
    }

    @Override
    public void afterEach(ExtensionContext context) throws InterruptedException {
        final Inventory before = context.getStore(NAMESPACE).remove(Inventory.class, Inventory.class);
        final List<String> leaks = before.leaks(GRACE_MS);
        if (!leaks.isEmpty()) {
            throw new AssertionError("the test left behind: " + String.join("; ", leaks));
        }
    }
}
