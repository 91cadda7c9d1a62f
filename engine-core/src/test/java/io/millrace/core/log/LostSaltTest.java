package io.millrace.core.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.memory.Region;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LostSaltTest {
    private static final int LENGTH = 4096;

    private final long seed = Long.getLong("seed", new Random().nextLong());
    private final Random random = new Random(seed);

    @Test
    void shouldTurnEveryTagBackIntoItsSalt() {
        for (int i = 0; i < 10_000; i++) {
            int salt = random.nextInt();
            int offset = random.nextInt(1 << 23) * 8;

            int length = random.nextInt();

            assertThat(LostSalt.saltOf(LostSalt.tagOf(Segment.commitWord(salt, offset, length)), offset))
                    .as("seed=" + seed)
                    .isEqualTo(salt);
        }
    }

    @Test
    void shouldFindTheSaltOfTheFirstSoundRecord() {
        Region region = Region.onHeap(new byte[LENGTH], LENGTH);
        int salt = random.nextInt();
        pad(region, salt, 256, 512);

        assertThat(LostSalt.find(region)).as("seed=" + seed).hasValue(salt);
    }

    @Test
    void shouldFindNoneWhereNothingIsSound() {
        byte[] bytes = new byte[LENGTH];
        random.nextBytes(bytes);

        assertThat(LostSalt.find(Region.onHeap(bytes, LENGTH)))
                .as("seed=" + seed)
                .isEmpty();
        assertThat(LostSalt.find(Region.onHeap(new byte[LENGTH], LENGTH))).isEmpty();
        assertThat(LostSalt.find(Region.onHeap(new byte[64], 64))).isEmpty();
    }

    @Test
    void shouldNotTakeAShortWordForARecord() {
        Region region = Region.onHeap(new byte[LENGTH], LENGTH);
        region.longPlain(64, Segment.commitWord(7, 64, 8));

        assertThat(LostSalt.find(region)).isEmpty();
    }

    private static void pad(Region region, int salt, int offset, int length) {
        region.longPlain(offset + RecordLayout.CRC_OFFSET, RecordLayout.PADDING_WORD);
        region.intPlain(offset + RecordLayout.CRC_OFFSET, RecordChecksum.ofPadding(salt, offset));
        region.longPlain(offset, Segment.commitWord(salt, offset, length));
    }
}
