package io.millrace.api.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The three values that say where messages go that failed, who may send them there, and how they come back. */
class RedriveTest {
    @Nested
    class Policy {
        @Test
        void shouldRefuseWhatIsOutOfRange() {
            assertThat(new RedrivePolicy("dead", 1_000_000).maxReceives()).isEqualTo(1_000_000);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new RedrivePolicy("dead", 0))
                    .withMessage("maxReceives must be between 1 and 1000000: maxReceives=0");
            assertThatIllegalArgumentException().isThrownBy(() -> new RedrivePolicy("dead letters", 3));
        }
    }

    @Nested
    class Allow {
        @Test
        void shouldAllowEveryQueueOrNoneOrTheNamedOnes() {
            RedriveAllow only = RedriveAllow.only(Set.of("orders"));

            assertThat(RedriveAllow.all().allows("orders")).isTrue();
            assertThat(RedriveAllow.none().allows("orders")).isFalse();
            assertThat(only.allows("orders")).isTrue();
            assertThat(only.allows("bills")).isFalse();
        }

        @Test
        void shouldAllowNothingIfNobodyIsNamed() {
            assertThat(RedriveAllow.only(Set.of())).isEqualTo(RedriveAllow.none());
        }

        @Test
        void shouldSortAndCopyTheNames() {
            Set<String> names = new HashSet<>(Set.of("c", "a", "b"));
            RedriveAllow only = RedriveAllow.only(names);

            names.clear();

            assertThat(only.sources()).containsExactly("a", "b", "c");
            assertThat(only).isEqualTo(RedriveAllow.only(Set.of("b", "a", "c")));
            assertThatExceptionOfType(UnsupportedOperationException.class)
                    .isThrownBy(() -> only.sources().clear());
        }

        @Test
        void shouldRefuseNamesThatNoQueueCanHave() {
            assertThatIllegalArgumentException().isThrownBy(() -> RedriveAllow.only(Set.of("a b")));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new RedriveAllow(true, Set.of("orders")))
                    .withMessage("sources must be empty if every queue is allowed: sources=[orders]");
        }
    }

    @Nested
    class Request {
        @Test
        void shouldSayWhereToAndHowFast() {
            assertThat(RedriveRequest.toSources()).isEqualTo(new RedriveRequest(Optional.empty(), OptionalInt.empty()));
            assertThat(RedriveRequest.to("orders").withRate(100))
                    .isEqualTo(new RedriveRequest(Optional.of("orders"), OptionalInt.of(100)));
        }

        @Test
        void shouldRefuseWhatIsOutOfRange() {
            assertThatIllegalArgumentException().isThrownBy(() -> RedriveRequest.to("a b"));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> RedriveRequest.toSources().withRate(0))
                    .withMessage("messagesPerSecond must be between 1 and 1000000: messagesPerSecond=0");
        }
    }

    @Test
    void shouldKnowWhichStatesAreFinal() {
        assertThat(RedriveStatus.values())
                .filteredOn(RedriveStatus::isFinished)
                .containsExactly(RedriveStatus.COMPLETED, RedriveStatus.CANCELLED, RedriveStatus.FAILED);
    }
}
