package io.millrace.core.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.Attribute;
import io.millrace.api.Attributes;
import io.millrace.api.MessageId;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordPropertiesTest {
    private final Attributes attributes = Attributes.empty()
            .with("text", Attribute.string("grüße").withSuffix("label"))
            .with("count", Attribute.number("0042.50"))
            .with("raw", Attribute.binary(new byte[] {0, -1, 7}));

    @Test
    void shouldTakeNoSpaceWhenThereIsNothing() {
        assertThat(RecordProperties.encode(Attributes.empty())).isEmpty();
        assertThat(RecordProperties.NONE.encode()).isEmpty();
        assertThat(RecordProperties.decode(new byte[0])).isSameAs(RecordProperties.NONE);
    }

    @Test
    void shouldReturnAttributesAsTheyWereSent() {
        RecordProperties decoded = RecordProperties.decode(RecordProperties.encode(attributes));

        assertThat(decoded.decodedAttributes()).isEqualTo(attributes);
        assertThat(decoded.originalId()).isEmpty();
    }

    @Test
    void shouldKeepTheFirstIdAndTheLastSourceOfADeadLetteredMessage() {
        MessageId first = new MessageId(1, 2);
        RecordProperties once = RecordProperties.decode(RecordProperties.encode(attributes))
                .deadLettered(first, "a", Optional.of("poison"));

        RecordProperties twice = RecordProperties.decode(RecordProperties.decode(once.encode())
                .deadLettered(new MessageId(3, 4), "b", Optional.empty())
                .encode());

        assertThat(twice.originalId()).contains(first);
        assertThat(twice.source()).contains("b");
        assertThat(twice.reason()).isEmpty();
        assertThat(twice.decodedAttributes()).isEqualTo(attributes);
    }

    @Test
    void shouldKeepOnlyAttributesOfAMessageThatIsSentAnew() {
        RecordProperties anew = RecordProperties.decode(RecordProperties.encode(attributes))
                .deadLettered(new MessageId(1, 2), "a", Optional.of("why"))
                .anew();

        assertThat(anew.encode()).isEqualTo(RecordProperties.encode(attributes));
    }

    @Test
    void shouldRefuseWhatItDoesNotKnow() {
        assertThatThrownBy(() -> RecordProperties.decode(new byte[] {99, 0, 0, 0, 0}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tag=99");
    }

    @Test
    void shouldRefuseWhateverIsNoEncoding() {
        byte[] whole = RecordProperties.decode(RecordProperties.encode(attributes))
                .deadLettered(new MessageId(1, 2), "a", Optional.of("why"))
                .inPlaceOf(7, 8)
                .encode();
        SplittableRandom random = new SplittableRandom(5);
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = Arrays.copyOf(whole, random.nextInt(1, whole.length + 1));
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            try {
                RecordProperties.decode(damaged);
            } catch (IllegalArgumentException e) {
                refused++; // and nothing else is ever thrown, nor memory taken that is not there
            }
        }
        assertThat(refused).isGreaterThan(10_000);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 17})
    void shouldNotBelieveALength(int length) {
        byte[] bytes = ByteBuffer.allocate(21)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) 2)
                .putInt(length)
                .array();

        assertThatThrownBy(() -> RecordProperties.decode(bytes)).isInstanceOf(IllegalArgumentException.class);
    }
}
