package io.millrace.core.time;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.memory.Allocator;
import io.millrace.core.memory.MemoryBudget;
import io.millrace.core.memory.Region;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeadlineTreeTest {
    private final Allocator allocator = new Allocator(new MemoryBudget(16 << 20));
    private final List<Region> regions = new ArrayList<>();

    private DeadlineTree treeOf(int groups) {
        DeadlineTree tree = new DeadlineTree(groups);
        for (int group = 0; group < groups; group++) {
            Region region = Objects.requireNonNull(allocator.tryAllocate(DeadlineTree.GROUP_BYTES));
            regions.add(region);
            tree.attach(group, region);
        }
        return tree;
    }

    @AfterEach
    void releaseRegions() {
        regions.forEach(allocator::release);
    }

    private static List<Integer> fire(DeadlineTree tree, long now, int budget) {
        List<Integer> fired = new ArrayList<>();
        tree.fire(now, budget, fired::add);
        return fired;
    }

    @Test
    void shouldKnowTheNextInstantExactly() {
        DeadlineTree tree = treeOf(70);
        assertThat(tree.nextDueMs()).isEqualTo(DeadlineTree.NONE);

        assertThat(tree.arm(4_400, 900)).isTrue();
        assertThat(tree.arm(3, 1_000)).isFalse();
        assertThat(tree.arm(77, 800)).isTrue();

        assertThat(tree.nextDueMs()).isEqualTo(800);
        assertThat(fire(tree, 799, 10)).isEmpty();
        assertThat(fire(tree, 800, 10)).containsExactly(77);
        assertThat(tree.nextDueMs()).isEqualTo(900);
        assertThat(fire(tree, 5_000, 10)).containsExactly(3, 4_400);
        assertThat(tree.nextDueMs()).isEqualTo(DeadlineTree.NONE);
    }

    @Test
    void shouldOnlyEverLowerABlock() {
        DeadlineTree tree = treeOf(1);
        tree.arm(5, 100);

        assertThat(tree.arm(5, 200)).isFalse();
        assertThat(DeadlineTree.isArmed(regions.get(0), 5, 100)).isTrue();
        assertThat(DeadlineTree.isArmed(regions.get(0), 5, 99)).isFalse();
        assertThat(tree.nextDueMs()).isEqualTo(100);
    }

    @Test
    void shouldLetABlockBeArmedAgainWhileItFires() {
        DeadlineTree tree = treeOf(2);
        tree.arm(70, 10);

        tree.fire(10, 10, block -> tree.arm(block, 25));

        assertThat(tree.nextDueMs()).isEqualTo(25);
    }

    @Test
    void shouldStopAtItsBudgetAndGoOnLater() {
        DeadlineTree tree = treeOf(80);
        for (int block = 0; block < 300; block++) {
            tree.arm(block * 17, block % 7);
        }

        int fired = 0;
        for (int round = 0; round < 100; round++) {
            List<Integer> some = fire(tree, 100, 64);
            assertThat(some.size()).isLessThanOrEqualTo(64);
            fired += some.size();
        }

        assertThat(fired).isEqualTo(300);
        assertThat(tree.nextDueMs()).isEqualTo(DeadlineTree.NONE);
    }

    @Test
    void shouldEqualAMapUnderRandomUse() {
        long seed = Long.getLong("seed", 7L);
        SplittableRandom random = new SplittableRandom(seed);
        DeadlineTree tree = treeOf(130);
        Map<Integer, Long> expected = new HashMap<>();
        for (int i = 0, now = 0; i < 20_000; i++) {
            if (random.nextInt(4) > 0) {
                int block = random.nextInt(130 * 64);
                long at = now + random.nextLong(1_000);
                tree.arm(block, at);
                expected.merge(block, at, Math::min);
            } else {
                now += random.nextInt(50);
                int instant = now;
                for (int block : fire(tree, instant, Integer.MAX_VALUE)) {
                    assertThat(expected.remove(block)).as("seed=" + seed).isLessThanOrEqualTo(instant);
                }
                assertThat(expected.values()).as("seed=" + seed).allMatch(at -> at > instant);
            }
            long next = expected.values().stream().mapToLong(at -> at).min().orElse(DeadlineTree.NONE);
            assertThat(tree.nextDueMs()).as("seed=" + seed).isEqualTo(next);
        }
    }
}
