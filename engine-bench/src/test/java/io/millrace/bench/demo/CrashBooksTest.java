package io.millrace.bench.demo;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What may come again after a kill, and what may not. */
class CrashBooksTest {
    private static final Piece PIECE = Piece.ofLine(0, 4, "line\n".getBytes(US_ASCII));

    private final DemoCounters counters = new DemoCounters();
    private final Problems problems = new Problems();
    private final CrashBooks books = new CrashBooks(counters, problems, new RebuiltFiles(100));

    private void accept(Piece piece) {
        books.got(piece, -1);
        books.acked(piece.key(), true);
    }

    @Test
    void shouldAcceptAPieceThatComesOnce() {
        accept(PIECE);

        assertThat(problems.toList()).isEmpty();
        assertThat(counters.accepted()).isEqualTo(1);
        assertThat(counters.acceptedBytes()).isEqualTo(5);
    }

    @Test
    void shouldObjectToAPieceThatIsAcknowledgedTwice() {
        accept(PIECE);
        accept(PIECE);

        assertThat(problems.toList())
                .containsExactly("a message was there more often than it was sent: file=0 line=5 acked=2 sent=1");
    }

    @Test
    void shouldAcceptAPieceTwiceThatWasSentAgain() {
        books.sendAgain(PIECE);
        accept(PIECE);
        accept(PIECE);

        assertThat(problems.toList()).isEmpty();
        assertThat(counters.accepted()).isEqualTo(1);
        assertThat(books.sentAgain()).isEqualTo(1);
    }

    @Test
    void shouldAcceptAPieceAgainWhoseAcknowledgementWasCutOff() {
        books.got(PIECE, -1);
        books.workerEnded();
        accept(PIECE);

        assertThat(problems.toList()).isEmpty();
        assertThat(counters.accepted()).isEqualTo(1);
        assertThat(books.cutOff()).isEqualTo(1);
    }

    @Test
    void shouldAcceptALateAcknowledgement() {
        accept(PIECE);
        books.got(PIECE, -1);
        books.acked(PIECE.key(), false);

        assertThat(problems.toList()).isEmpty();
    }

    @Test
    void shouldObjectToAPieceThatIsAnotherOneWhenItComesAgain() {
        books.sendAgain(PIECE);
        accept(PIECE);
        accept(Piece.ofLine(0, 4, "lime\n".getBytes(US_ASCII)));

        assertThat(problems.toList()).containsExactly("a message came again and was another one: file=0 line=5");
    }

    @Test
    void shouldAddUpWhatEachWorkerCountsFromItsStart() {
        String[] first = {"counts", "10", "3", "1", "2", "1"};
        books.counts(first, 1);
        books.counts(first, 1);
        books.workerEnded();
        books.counts(new String[] {"counts", "5", "1", "0", "1", "2"}, 1);

        assertThat(counters.deliveries()).isEqualTo(15);
        assertThat(counters.redeliveries()).isEqualTo(4);
        assertThat(counters.lateDeliveries()).isEqualTo(1);
        assertThat(counters.deadLetters()).isEqualTo(3);
        assertThat(counters.redriven()).isEqualTo(3);
    }

    @Test
    void shouldReadAPieceThatWasWrittenAsText() {
        Piece name = Piece.ofName(3, "a%20b", 7);

        for (Piece piece : new Piece[] {PIECE, name}) {
            Piece again = Piece.ofWords(("x " + piece.toText()).split(" ", -1), 1);

            assertThat(again.toString()).isEqualTo(piece.toString());
            assertThat(again.lines()).isEqualTo(piece.lines());
            assertThat(again.bytes()).isEqualTo(piece.bytes());
        }
    }
}
