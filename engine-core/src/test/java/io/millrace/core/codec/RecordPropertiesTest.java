package io.millrace.core.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.Attribute;
import io.millrace.api.Attributes;
import io.millrace.api.MessageId;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

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
    void shouldRefuseEveryTruncation() {
        byte[] whole = RecordProperties.decode(RecordProperties.encode(attributes))
                .deadLettered(new MessageId(1, 2), "a", Optional.of("why"))
                .inPlaceOf(3, 4)
                .encode();
        int entries = 0;
        for (int length = 1; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            try {
                RecordProperties.decode(cut).decodedAttributes();
                entries++; // it ends where an entry does
            } catch (IllegalArgumentException e) {
                assertThat(e).hasMessageContaining("break off: length=");
            }
        }

        assertThat(entries).isEqualTo(4);
    }

    @Test
    void shouldTakeNoMemoryForALengthThatIsNotThere() {
        byte[] huge = {1, -1, -1, -1, 0x7F, 0};
        byte[] negative = {1, 0, 0, 0, -128, 0};
        byte[] shortOrigin = {5, 2, 0, 0, 0, 0, 0};

        for (byte[] bytes : new byte[][] {huge, negative, shortOrigin}) {
            assertThatThrownBy(() -> RecordProperties.decode(bytes))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("record properties break off: length=" + bytes.length);
        }
        byte[] hugeValue = {1, 0, 1, 0, 'n', 3, 0, 0, -1, -1, -1, 0x7F};
        assertThatThrownBy(() -> AttributesCodec.decode(hugeValue))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("attributes break off: length=12");
    }
}
