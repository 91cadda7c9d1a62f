package io.millrace.bench.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadTest {
    @ParameterizedTest
    @ValueSource(ints = {8, 9, 16, 17, 255, 256})
    void shouldRecogniseItselfWhateverTheStamp(int length) {
        Payload payload = new Payload(length);
        byte[] bytes = payload.newArray();

        Payload.stamp(bytes, 123_456_789L);

        assertThat(payload.isIntact(bytes)).isTrue();
        assertThat(Payload.stamp(bytes)).isEqualTo(123_456_789L);
        assertThat(payload.isIntact(payload.newBuffer(), 0, length)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {9, 16, 17, 255, 256})
    void shouldNoticeAChangeOfAnyByteBehindTheStamp(int length) {
        Payload payload = new Payload(length);

        for (int i = Long.BYTES; i < length; i++) {
            byte[] bytes = payload.newArray();
            bytes[i] ^= 1;
            ByteBuffer buffer = payload.newBuffer().put(0, bytes);

            assertThat(payload.isIntact(bytes)).isFalse();
            assertThat(payload.isIntact(buffer, 0, length)).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 256})
    void shouldNoticeAnotherLength(int length) {
        assertThat(new Payload(length).isIntact(new byte[length + 1])).isFalse();
    }
}
