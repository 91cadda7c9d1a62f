package io.millrace.core.directory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentSetTest {
    private static SegmentSet of(String text) {
        return Objects.requireNonNull(SegmentSet.parse(text), text);
    }

    private static List<Integer> indices(SegmentSet set) {
        List<Integer> indices = new ArrayList<>();
        set.forEach(indices::add);
        return indices;
    }

    @Test
    void shouldBeWhatATreeOfNumbersIs() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        for (int run = 0; run < 200; run++) {
            TreeSet<Integer> model = new TreeSet<>();
            SegmentSet set = SegmentSet.EMPTY;
            SegmentSet other = SegmentSet.EMPTY.with(3).with(7).with(8);
            for (int i = 0; i < 100; i++) {
                int index = random.nextInt(20);
                boolean add = random.nextBoolean();
                set = add ? set.with(index) : set.without(index);
                assertThat(add ? model.add(index) : model.remove(index)).isIn(true, false);

                String as = "seed=" + seed + " set=" + set;
                assertThat(indices(set)).as(as).containsExactlyElementsOf(model);
                assertThat(set.count()).as(as).isEqualTo(model.size());
                assertThat(set.contains(index)).as(as).isEqualTo(add);
                assertThat(of(set.toString())).as(as).isEqualTo(set);
                assertThat(model).as(as).doesNotContain(set.lowestFree());
                assertThat(model.headSet(set.lowestFree())).as(as).hasSize(set.lowestFree());
                TreeSet<Integer> rest = new TreeSet<>(model);
                rest.removeAll(List.of(3, 7, 8));
                assertThat(indices(set.withoutAll(other))).as(as).containsExactlyElementsOf(rest);
                assertThat(set.firstMissingIn(other)).as(as).isEqualTo(rest.isEmpty() ? -1 : rest.first());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ",",
                "1,",
                ",1",
                "1,2",
                "1,1",
                "2,1",
                "1-1",
                "2-1",
                "1-3,4",
                "1-3,2",
                "-1",
                "1-",
                "01",
                "0-01",
                "a",
                "1 ",
                "2147483647",
                "0-2147483647",
                "99999999999999999999",
                "+1",
                "1--2",
                "1-2-3",
                "\u0661"
            })
    void shouldHaveNoOtherText(String text) {
        assertThat(SegmentSet.parse(text)).isNull();
    }

    @Test
    void shouldTakeNoRoomForWhatItDoesNotName() {
        SegmentSet all = of("0-2147483646");

        assertThat(all.count()).isEqualTo(Integer.MAX_VALUE);
        assertThat(all.contains(Integer.MAX_VALUE - 1)).isTrue();
        assertThat(all.firstMissingIn(of("0-7,9"))).isEqualTo(8);
        assertThat(all.without(5).toString()).isEqualTo("0-4,6-2147483646");
    }

    @Test
    void shouldBeEmptyWithoutText() {
        assertThat(of("")).isEqualTo(SegmentSet.EMPTY);
        assertThat(SegmentSet.EMPTY).hasToString("");
        assertThat(SegmentSet.EMPTY.isEmpty()).isTrue();
        assertThat(SegmentSet.EMPTY.lowestFree()).isZero();
    }
}
