package io.millrace.core.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Objects;
import org.junit.jupiter.api.Test;

class AllocatorTest {
    private final Allocator allocator = new Allocator(new MemoryBudget(1 << 20));

    private Region allocate(int length) {
        return Objects.requireNonNull(allocator.tryAllocate(length));
    }

    @Test
    void shouldAnswerNullBeyondTheBudgetAndCountNothing() {
        Region first = allocate(600_000);

        assertThat(allocator.tryAllocate(600_000)).isNull();
        assertThat(allocator.budget().usedBytes()).isEqualTo(600_000 + Region.ALIGNMENT);
        allocator.release(first);
        assertThat(allocator.budget().usedBytes()).isZero();
    }

    @Test
    void shouldHandOutZeroedMemoryOfTheWantedLength() {
        Region region = allocate(4096);

        assertThat(region.length()).isEqualTo(4096);
        for (int i = 0; i < 4096; i += 8) {
            assertThat(region.longPlain(i)).isZero();
        }
        allocator.release(region);
    }

    @Test
    void shouldRefuseAnIndexOutside() {
        Region region = allocate(64);

        assertThatThrownBy(() -> region.longPlain(57)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> region.longVolatile(64)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> region.copyIn(60, new byte[8], 0, 8)).isInstanceOf(IndexOutOfBoundsException.class);
        allocator.release(region);
    }

    @Test
    void shouldAlignWordsForAtomicAccess() {
        for (int length : new int[] {64, 100, 4288}) {
            Region region = allocate(length);
            assertThat(region.getAndAddLong(0, 5)).isZero();
            assertThat(region.casLong(0, 5, 9)).isTrue();
            assertThat(region.compareAndExchangeLong(0, 5, 11)).isEqualTo(9);
            assertThat(region.getAndOrLong(0, 6)).isEqualTo(9);
            assertThat(region.getAndAndLong(0, 3)).isEqualTo(15);
            assertThat(region.longVolatile(0)).isEqualTo(3);
            allocator.release(region);
        }
    }

    @Test
    void shouldReleaseAThousandTimesWithoutGrowing() {
        for (int i = 0; i < 1_000; i++) {
            allocator.release(allocate(1_000_000));
        }

        assertThat(allocator.liveRegions()).isZero();
    }
}
