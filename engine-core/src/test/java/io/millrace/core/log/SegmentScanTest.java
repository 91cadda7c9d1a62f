package io.millrace.core.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.memory.Allocator;
import io.millrace.core.memory.MemoryBudget;
import io.millrace.core.memory.Region;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentScanTest {
    private static final int CAPACITY = 4_096;
    private static final int SALT = 77;
    private static final int FIRST = SegmentLayout.SIZE;
    private static final int PROPERTIES = 12;

    private final Allocator allocator = new Allocator(new MemoryBudget(1 << 20));
    private final Region region = Objects.requireNonNull(allocator.tryAllocate(CAPACITY));

    @AfterEach
    void release() {
        allocator.release(region);
    }

    /** What was found, as text: a record with its type, a hole, or one that begins like a record. */
    private List<String> found() {
        List<String> found = new ArrayList<>();
        new SegmentScan(region, SALT).run(new SegmentScan.Visitor() {
            @Override
            public void onRecord(int offset, int length, int type) {
                found.add(offset + "+" + length + " " + type);
            }

            @Override
            public void onHole(int from, int to, boolean isTorn) {
                found.add((isTorn ? "torn " : "hole ") + from + "-" + to);
            }
        });
        return found;
    }

    /** Writes a sound message and returns its length. */
    private int message(int at, int payload) {
        int length = RecordLayout.SIZE + PROPERTIES + payload;
        for (int i = at + RecordLayout.CRC_OFFSET; i < at + length; i++) {
            region.bytePlain(i, (byte) (i * 31));
        }
        region.longPlain(
                at + RecordLayout.CRC_OFFSET, RecordLayout.typeWord(RecordLayout.MESSAGE, RecordLayout.HAS_FATE, 1));
        region.intPlain(at + RecordLayout.PAYLOAD_LENGTH_OFFSET, payload);
        region.intPlain(at + RecordLayout.PROPERTIES_LENGTH_OFFSET, PROPERTIES);
        checksum(at, length);
        commit(at, length);
        return length;
    }

    private void checksum(int at, int length) {
        CRC32C crc = new CRC32C();
        byte[] bytes = new byte[length];
        region.copyOut(at, bytes, 0, length);
        crc.update(bytes, RecordLayout.TYPE_OFFSET, RecordLayout.END_OFFSET - RecordLayout.TYPE_OFFSET);
        crc.update(bytes, RecordLayout.SIZE, length - RecordLayout.SIZE);
        region.intPlain(at + RecordLayout.CRC_OFFSET, (int) crc.getValue() ^ Integer.reverse(Segment.tag(SALT, at)));
    }

    private void commit(int at, int length) {
        region.longPlain(at, Segment.commitWord(SALT, at, length));
    }

    private void padding(int at, int length) {
        if (length > RecordLayout.ALIGNMENT) {
            region.longPlain(at + RecordLayout.CRC_OFFSET, RecordLayout.PADDING_WORD);
            region.intPlain(at + RecordLayout.CRC_OFFSET, RecordChecksum.ofPadding(SALT, at));
        }
        commit(at, length);
    }

    private static int next(int at, int length) {
        return at + RecordLayout.aligned(length);
    }

    @Test
    void shouldFindOneHoleWhereNothingWasWritten() {
        assertThat(found()).containsExactly("hole 64-4096");
    }

    @Test
    void shouldFindRecordsOneAfterTheOther() {
        int second = next(FIRST, message(FIRST, 13));
        int end = next(second, message(second, 1));

        assertThat(found()).containsExactly(FIRST + "+105 2", second + "+93 2", "hole " + end + "-4096");
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 16, 24, 80, 3_000})
    void shouldTakePaddingOfAnyLength(int length) {
        padding(FIRST, length);
        int end = FIRST + length;
        int rest = next(end, message(end, 5));

        assertThat(found()).containsExactly(FIRST + "+" + length + " 1", end + "+97 2", "hole " + rest + "-4096");
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 16})
    void shouldTakePaddingAtTheVeryEnd(int length) {
        padding(FIRST, CAPACITY - FIRST - length);
        padding(CAPACITY - length, length);

        assertThat(found()).hasSize(2).last().isEqualTo((CAPACITY - length) + "+" + length + " 1");
    }

    @Test
    void shouldFindWhatIsBehindARecordThatWasClaimedOnly() {
        int length = message(FIRST, 100);
        int second = next(FIRST, length);
        int end = next(second, message(second, 3));
        commit(FIRST, -length);

        assertThat(found()).containsExactly("torn 64-" + second, second + "+95 2", "hole " + end + "-4096");
    }

    @Test
    void shouldFindWhatIsBehindAClaimOfWhichNotEvenTheHeaderWasWritten() {
        int second = next(FIRST, 200);
        int end = next(second, message(second, 3));

        assertThat(found()).containsExactly("hole 64-" + second, second + "+95 2", "hole " + end + "-4096");
    }

    @Test
    void shouldNotTakeARecordInWhichAnyBitIsWrong() {
        int length = message(FIRST, 40);
        for (int at = FIRST; at < FIRST + length; at++) {
            boolean isFate = at >= FIRST + RecordLayout.END_OFFSET && at < FIRST + RecordLayout.SIZE;
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                flip(at, bit);
                assertThat(found().get(0).endsWith(" 2"))
                        .as("bit " + bit + " of byte " + (at - FIRST))
                        .isEqualTo(isFate);
                flip(at, bit);
            }
        }
    }

    @Test
    void shouldNotTakePaddingWhoseLengthOrKindIsWrong() {
        padding(FIRST, 40);
        message(FIRST + 40, 7);
        for (int at = FIRST; at < FIRST + RecordLayout.PAYLOAD_LENGTH_OFFSET; at++) {
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                flip(at, bit);
                assertThat(found())
                        .as("bit " + bit + " of byte " + (at - FIRST))
                        .contains("104+99 2")
                        .noneMatch(text -> text.endsWith(" 1"));
                flip(at, bit);
            }
        }
    }

    private void flip(int at, int bit) {
        region.bytePlain(at, (byte) (region.bytePlain(at) ^ (1 << bit)));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1, 7, 9, 15, 23, 79, CAPACITY, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void shouldNotBelieveALength(int length) {
        message(FIRST, 40);
        commit(FIRST, length);

        assertThat(found()).containsExactly((length == 0 ? "hole" : "torn") + " 64-4096");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MAX_VALUE, Integer.MIN_VALUE, 41})
    void shouldNotBelieveTheLengthsOfParts(int length) {
        int whole = message(FIRST, 40);
        region.intPlain(FIRST + RecordLayout.PAYLOAD_LENGTH_OFFSET, length);
        checksum(FIRST, whole);

        assertThat(found()).containsExactly("torn 64-4096");
    }

    @Test
    void shouldNotTakeARecordOfAnotherPlaceOrGeneration() {
        byte[] bytes = new byte[200];
        message(FIRST, 60);
        region.copyOut(FIRST, bytes, 0, 200);
        region.copyIn(FIRST + 512, bytes, 0, 200);
        commit(FIRST + 512, RecordLayout.SIZE + PROPERTIES + 60);

        assertThat(found()).hasSize(2).last().asString().startsWith("hole");
        List<String> other = new ArrayList<>();
        new SegmentScan(region, SALT + 1).run(new SegmentScan.Visitor() {
            @Override
            public void onRecord(int offset, int length, int type) {
                other.add("record");
            }

            @Override
            public void onHole(int from, int to, boolean isTorn) {
                other.add(from + "-" + to + isTorn);
            }
        });
        assertThat(other).containsExactly("64-4096false");
    }

    @Test
    void shouldCoverEveryByteOnceWhateverIsThere() {
        SplittableRandom random = new SplittableRandom(7);
        for (int round = 0; round < 300; round++) {
            int at = FIRST;
            while (at < CAPACITY - 300) {
                at = next(at, random.nextBoolean() ? message(at, random.nextInt(100)) : paddingOf(at, random));
            }
            for (int i = random.nextInt(6); i > 0; i--) {
                region.bytePlain(random.nextInt(FIRST, CAPACITY), (byte) random.nextInt());
            }
            int end = FIRST;
            for (String part : found()) {
                String[] numbers = part.replaceAll("(torn|hole) ", "").split("[+ -]", -1);
                assertThat(Integer.parseInt(numbers[0])).as(part).isEqualTo(end);
                int second = Integer.parseInt(numbers[1]);
                end = part.contains("+") ? next(end, second) : second;
            }
            assertThat(end).isEqualTo(CAPACITY);
        }
    }

    private int paddingOf(int at, SplittableRandom random) {
        int length = 8 * (1 + random.nextInt(20));
        padding(at, length);
        return length;
    }
}
