package io.millrace.stress.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Attribute;
import io.millrace.api.Attributes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever receives a message knows every byte that it must have. */
class ContentTest {
    private static final int MIB = 1 << 20;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void shouldKnowWholeMessages(int kind) {
        for (int count = 0; count < 500; count++) {
            final long number = Content.number(7, 2, count, kind);

            assertThat(Content.numberOf(Content.payload(number), Content.attributes(number)))
                    .hasValue(number);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void shouldNoticeEveryChangedByte(int kind) {
        final long number = Content.number(1, 1, 1, kind);
        for (int i = 0; i < Content.length(number); i++) {
            final byte[] payload = Content.payload(number);
            payload[i] ^= 0x10;

            assertThat(Content.numberOf(payload, Content.attributes(number)).orElse(-1))
                    .isNotEqualTo(number);
        }
    }

    @Test
    void shouldNoticeOtherAttributes() {
        final long number = Content.number(1, 1, 1, 0);

        assertThat(Content.numberOf(
                        Content.payload(number), Content.attributes(number).with("more", Attribute.string("x"))))
                .isEmpty();
        assertThat(Content.numberOf(Content.payload(number), Attributes.empty()))
                .isEmpty();
    }

    @Test
    void shouldReadAPayloadInTheMiddleOfABuffer() {
        final long number = Content.number(1, 1, 3, Content.OFFERED);
        final byte[] payload = Content.payload(number);
        final ByteBuffer lent = ByteBuffer.allocate(payload.length + 20).order(ByteOrder.LITTLE_ENDIAN);
        lent.put(10, payload);

        assertThat(Content.numberOf(lent, 10, payload.length, Content.attributes(number)))
                .hasValue(number);
    }

    @Test
    void shouldHaveLengthsOfEveryKind() {
        final List<Integer> lengths = IntStream.range(0, 20_000)
                .map(count -> Content.length(Content.number(0, 0, count, 0)))
                .boxed()
                .toList();

        assertThat(lengths)
                .contains(1)
                .anyMatch(length -> length > 100_000 && length < 200_000)
                .anyMatch(length -> length > MIB);
    }
}
