package io.millrace.core.conductor;

import io.millrace.api.EngineClosedException;
import io.millrace.core.concurrent.OperationGate;
import io.millrace.core.log.Cleaner;
import io.millrace.core.log.RecordLayout;
import io.millrace.core.memory.Region;
import io.millrace.core.slot.BlockLayout;
import io.millrace.core.slot.BlockPool;
import io.millrace.core.time.DeadlineTree;
import io.millrace.core.time.EngineTime;
import io.millrace.core.time.SteppedClock;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs what is due: deadlines of slots first, then timers, then housekeeping. Thread-safe.
 *
 * <p>On a system clock it is one daemon thread that parks until the next due instant; callers that find nothing to receive
 * help it. On a {@link SteppedClock} there is no thread: the clock calls {@link #runDue()}.
 */
// field      written by         read by              write     read
// sleepUntil conductor thread   whoever arms         volatile  volatile
// Wake-up: arm (root lowered), full fence, read sleepUntil; conductor: write sleepUntil, full fence, read root. One
// of the two sees the other. (ConductorTest.shouldNotSleepThroughAnEarlierDeadline)
public final class Conductor implements SteppedClock.Follower {
    /** Made when there is something to say, so that a quiet engine neither loads a logging backend nor asks for one. */
    private static final class Log {
        static final Logger LOGGER = LoggerFactory.getLogger(Conductor.class);
    }

    private static final AtomicLong THREADS = new AtomicLong();

    /** Blocks or timers handled before the next look at the clock: well below a millisecond of work. */
    private static final int SLICE = 64;

    private static final long AWAKE = Long.MIN_VALUE;
    private static final long LONGEST_PARK_NS = 10_000_000_000L;

    private final EngineTime time;
    private final OperationGate gate;
    private final BlockPool pool;
    private final Housekeeping housekeeping;
    private final Function<InternalError, RuntimeException> pageFailed;
    private final Timers timers = new Timers();
    private final ConcurrentHashMap<Long, BlockOwner> owners = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Runnable> deferred = new ConcurrentLinkedQueue<>();
    private final ReentrantLock running = new ReentrantLock();
    private final Set<BlockOwner> touched = new LinkedHashSet<>(); // guarded by running
    private final @Nullable Thread thread;
    private volatile long sleepUntil = AWAKE;
    private volatile boolean hasDeferred;
    private volatile boolean stopped;
    private final AtomicLong cycles = new AtomicLong();

    /** What else is done once a cycle, inside the gate; cheap when there is nothing to do. */
    @FunctionalInterface
    public interface Housekeeping {
        /** Does a slice of it; whether there is more. */
        boolean run(long nowMs);
    }

    /** @param pageFailed told when memory could not be read or written; what it makes of it is thrown */
    public Conductor(
            EngineTime time,
            OperationGate gate,
            BlockPool pool,
            Housekeeping housekeeping,
            Function<InternalError, RuntimeException> pageFailed) {
        this.time = time;
        this.gate = gate;
        this.pool = pool;
        this.housekeeping = housekeeping;
        this.pageFailed = pageFailed;
        this.thread = time.isStepped() ? null : newThread();
    }

    private Thread newThread() {
        final Thread created = new Thread(this::runUntilStopped, "millrace-conductor-" + THREADS.incrementAndGet());
        created.setDaemon(true);
        return created;
    }

    /** Starts the thread, or follows the stepped clock. */
    public void start() {
        if (thread != null) {
            time.onCatchUp(() -> LockSupport.unpark(thread)); // it may sleep until an instant that is nearer now
            thread.start();
        } else {
            ((SteppedClock) time.clock()).follow(this);
        }
    }

    /** Ends the duty cycle and waits for the thread, unless it is the caller's own. */
    public void stop() {
        stopped = true;
        if (thread == null) {
            ((SteppedClock) time.clock()).unfollow(this);
            return;
        }
        LockSupport.unpark(thread);
        if (!running.isHeldByCurrentThread()) { // else it may be waiting for us, and will find the gate closed
            joinUninterruptibly(thread);
        }
    }

    private static void joinUninterruptibly(Thread thread) {
        boolean interrupted = false;
        while (thread != Thread.currentThread() && thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- what may be due ------------------------------------------------------------------------------------------

    /** Tells {@code owner} about its blocks from now on. */
    public void register(long number, BlockOwner owner) {
        owners.put(number, owner);
    }

    public void unregister(long number) {
        owners.remove(number);
    }

    /** Sees to it that the owner of a block, which lies in {@code slab}, looks at it by {@code atMs}. Called inside the gate. */
    public void arm(Region slab, int block, long atMs) {
        if (!DeadlineTree.isArmed(slab, block, atMs) && pool.deadlines().arm(block, atMs)) {
            wakeBy(atMs);
        }
    }

    /** Runs an action once, at or after an engine instant, on whatever thread runs what is due. */
    public Timers.Timer schedule(long atMs, Runnable action) {
        final Timers.Timer timer = timers.schedule(atMs, action);
        wakeBy(atMs);
        return timer;
    }

    /** Runs an action as soon as the current operation has left the gate. */
    public void defer(Runnable action) {
        deferred.add(action);
        hasDeferred = true;
    }

    /** Runs deferred actions, on this thread; called outside the gate after each operation that may have deferred. */
    public void runDeferred() {
        while (hasDeferred) {
            hasDeferred = false; // before the look: whoever adds later sets it again
            for (Runnable action = deferred.poll(); action != null; action = deferred.poll()) {
                runSafely(action);
            }
        }
    }

    /** Work for one queue that fails must not keep the others from theirs, nor reach a caller who has nothing to do with it. */
    private void runSafely(Runnable action) {
        try {
            runTyped(action);
        } catch (EngineClosedException e) {
            // It came too late: whoever closed has ended what it was about.
        } catch (RuntimeException | Error e) {
            Log.LOGGER.error("housekeeping failed; it goes on", e);
        }
    }

    private void runTyped(Runnable action) {
        try {
            action.run();
        } catch (InternalError e) {
            throw pageFailed.apply(e);
        }
    }

    /** Lets the thread look for something to do. */
    public void wake() {
        LockSupport.unpark(thread);
    }

    private void wakeBy(long atMs) {
        if (atMs < sleepUntil) {
            LockSupport.unpark(thread);
        }
    }

    @Override
    public long nextDueMs() {
        final long timersMs = timers.nextDueMs();
        return gate.isClosed() ? timersMs : Math.min(pool.deadlines().nextDueMs(), timersMs); // nobody enters any more
    }

    @Override
    public long nowMs() {
        return time.nowMs();
    }

    // ---- running it -----------------------------------------------------------------------------------------------

    private void runUntilStopped() {
        while (!stopped) {
            try {
                time.catchUp();
                runDue();
            } catch (RuntimeException | Error e) {
                Log.LOGGER.error("conductor cycle failed; it goes on", e);
            }
            parkUntilDue();
        }
    }

    private void parkUntilDue() {
        final long next = nextDueMs();
        sleepUntil = next;
        if (nextDueMs() >= next && !stopped) {
            LockSupport.parkNanos(this, Math.min(LONGEST_PARK_NS, time.nsUntil(next)));
        }
        sleepUntil = AWAKE;
    }

    /** Runs everything that is due now; waits for another thread that is doing so. */
    @Override
    public void runDue() {
        running.lock();
        try {
            runSlices(true);
        } finally {
            running.unlock();
        }
    }

    /**
     * Runs what is due, without housekeeping, unless another thread is doing so; for callers that help. Outside the gate.
     *
     * @return whether anything was due, so that it is worth looking again
     */
    public boolean helpIfDue(long nowMs) {
        if (pool.deadlines().nextDueMs() > nowMs) {
            return false;
        }
        if (running.tryLock()) {
            try {
                runSlices(false);
            } finally {
                running.unlock();
            }
            wakeBy(nextDueMs()); // while the tree was being recomputed, the thread may have seen nothing to wait for
        }
        return true;
    }

    private void runSlices(boolean housekeepingToo) {
        if (running.getHoldCount() > 1) {
            return; // a future completed by a timer came back here; the outer call goes on
        }
        cycles.incrementAndGet();
        int done;
        do {
            final long nowMs = time.nowMs();
            done = runBlocks(nowMs, housekeepingToo) + timers.fire(nowMs, SLICE, this::runSafely);
            runDeferred();
        } while (done > 0 && !stopped);
    }

    private int runBlocks(long nowMs, boolean housekeepingToo) {
        final int word = gate.enter();
        if (word == OperationGate.CLOSED) {
            return 0;
        }
        int fired;
        try {
            fired = pool.deadlines().fire(nowMs, SLICE, block -> onDue(block, nowMs));
            fired += housekeepingToo && housekeeping.run(nowMs) ? 1 : 0;
        } catch (InternalError e) {
            throw pageFailed.apply(e);
        } finally {
            gate.exit(word);
        }
        touched.forEach(owner -> runSafely(owner::afterDue));
        touched.clear();
        return fired;
    }

    private void onDue(int block, long nowMs) {
        final Region region = pool.region(block);
        final long number = region.longAcquire(BlockLayout.base(block) + BlockLayout.OWNER_OFFSET);
        final BlockOwner owner = owners.get(number);
        if (owner != null) {
            owner.onBlockDue(block, nowMs);
            touched.add(owner);
        }
    }

    /** Moves a record of the log for its queue, if there is such a queue. Called inside the gate. */
    public void relocate(int type, long number, long sequence, long position, Cleaner cleaner) {
        final BlockOwner owner = owners.get(number);
        if (owner != null && type == RecordLayout.MESSAGE) {
            owner.relocate(sequence, position, cleaner);
        } else if (owner != null) {
            owner.relocateState(position, cleaner);
        }
    }

    /** Duty cycles run so far. */
    public long cycles() {
        return cycles.get();
    }
}
