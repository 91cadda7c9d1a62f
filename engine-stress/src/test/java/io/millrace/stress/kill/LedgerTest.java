package io.millrace.stress.kill;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The ledger accepts what was promised and objects to each way of breaking it. */
class LedgerTest {
    private static final int HOUR_MS = 3_600_000;

    private final Ledger ledger = new Ledger();
    private long nowMs = 1_000_000;

    /** A thread says something. */
    private void say(String who, String words) {
        ledger.line(who + " " + nowMs++ + " " + words);
    }

    /** A thread begins something and is answered at once. */
    private void ask(String who, String words, String answer) {
        say(who, words);
        say(who, "= " + answer);
    }

    private void kill() {
        ledger.ended();
    }

    /** Opens the directory and looks at everything; each queue is its name, configuration, tags, and messages if any. */
    private void open(String inFlight, String... queues) {
        ask("main", "open " + inFlight, "");
        say("main", "stock");
        for (String each : queues) {
            final String[] parts = each.trim().split(" ", -1);
            final String counts = parts.length > 3 ? counts(parts[3]) : "0/0/0";
            say("main", "queue " + parts[0] + " " + parts[1] + " " + parts[2] + " " + counts);
            if (parts.length > 3) {
                say("main", "m " + parts[3]);
            }
            say("main", "counted " + counts);
        }
        say("main", "=");
    }

    private static String counts(String messages) {
        final List<String> states = List.of(messages.split(",", -1)).stream()
                .map(each -> each.split(":", -1)[2])
                .toList();
        return states.stream().filter("V"::equals).count() + "/"
                + states.stream().filter("F"::equals).count() + "/"
                + states.stream().filter("D"::equals).count();
    }

    private void assertFine() {
        assertThat(ledger.problems()).isEmpty();
    }

    private void assertProblem(String text) {
        assertThat(ledger.problems()).anySatisfy(problem -> assertThat(problem).contains(text));
    }

    /** Three queues, and message 1 in the first, id i1. */
    @BeforeEach
    void begin() {
        open("keep");
        ask("main", "create dead 0", "");
        ask("main", "create plain 0", "");
        ask("main", "create orders 0", "");
        ask("a", "send plain 1:0", "i1");
    }

    private static final String DEAD = "dead 0 -";
    private static final String ORDERS = "orders 0 -";

    private void reopen(String plainMessages) {
        kill();
        open("keep", DEAD, ORDERS, "plain 0 - " + plainMessages);
    }

    @Test
    void shouldAcceptAMessageThatIsThereAfterAKill() {
        reopen("1:i1:V:0");

        assertFine();
    }

    @Test
    void shouldAcceptAHistoryOfManyKinds() {
        ask("a", "send orders 5:0,9:500", "i5,i9");
        say("b", "receive orders 20000");
        say("b", "got 5:i5:1:-1");
        say("b", "=");
        ask("b", "hide orders 10 5:i5", "true");
        nowMs += 20;
        say("a", "poll orders 20000");
        say("a", "got 5:i5:2:0");
        say("a", "will ack 5:i5");
        kill();
        open("keep", DEAD, "orders 0 - 9:i9:D:0", "plain 0 - 1:i1:V:0");
        say("a", "receive plain 20000");
        say("a", "got 1:i1:1:-1");
        say("a", "=");
        kill();
        open("release", DEAD, "orders 0 - 9:i9:D:0", "plain 0 - 1:i1:V:1");

        assertFine();
    }

    @Nested
    class Presence {
        @Test
        void shouldObjectToALostMessage() {
            kill();
            open("keep", DEAD, ORDERS, "plain 0 -");

            assertProblem("a message is lost that was acknowledged: message=1");
        }

        @Test
        void shouldObjectToAMessageThatIsLostAtTheSecondRestart() {
            reopen("1:i1:V:0");
            kill();
            open("keep", DEAD, ORDERS, "plain 0 -");

            assertProblem("a message is lost that was acknowledged: message=1");
        }

        @Test
        void shouldObjectToAnInventedMessage() {
            reopen("1:i1:V:0,77:i77:V:0");

            assertProblem("a message is there that nobody has sent");
        }

        @Test
        void shouldObjectToARefusedMessage() {
            ask("a", "send plain 5:0", "!OFF_HEAP_LIMIT");
            reopen("1:i1:V:0,5:i5:V:0");

            assertProblem("a message that was refused is there");
        }

        @Test
        void shouldAcceptAnUnansweredSendEitherWay() {
            say("a", "send plain 5:0,9:0");
            reopen("1:i1:V:0,9:i9:V:0");

            assertFine();
        }

        @Test
        void shouldObjectToAnUnansweredSendThatAppearsAtTheSecondRestart() {
            say("a", "send plain 5:0");
            reopen("1:i1:V:0");
            reopen("1:i1:V:0,5:i5:V:0");

            assertProblem("a message came back");
        }

        @Test
        void shouldObjectToAMessageThatIsThereTwice() {
            reopen("1:i1:V:0,1:i1:V:0");

            assertProblem("a message is there twice");
        }

        @Test
        void shouldObjectToAMessageInAForeignQueue() {
            kill();
            open("keep", DEAD, "orders 0 - 1:i1:V:0", "plain 0 -");

            assertProblem("a message is in a queue where nobody has sent it");
        }

        @Test
        void shouldObjectToBrokenContent() {
            say("a", "broken delivery i1");

            assertProblem("broken delivery");
        }

        @Test
        void shouldObjectToAPurgedMessage() {
            ask("b", "purge plain", "1");
            reopen("1:i1:V:0");

            assertProblem("a message came back");
        }

        @Test
        void shouldObjectToAPurgeThatRemovesWhatWasSentAfterwards() {
            ask("b", "purge plain", "1");
            ask("a", "send plain 5:0", "i5");
            kill();
            open("keep", DEAD, ORDERS, "plain 0 -");

            assertProblem("a message is lost that was acknowledged: message=5");
        }
    }

    @Nested
    class Acknowledgement {
        private void receive(int count) {
            say("b", "receive plain 10");
            say("b", "got 1:i1:" + count + ":-1");
            say("b", "=");
        }

        @Test
        void shouldObjectToADeliveryAfterAnAck() {
            receive(1);
            ask("b", "ack plain 1:i1", "true");
            nowMs += HOUR_MS;
            receive(2);

            assertProblem("a message came back");
        }

        @Test
        void shouldObjectToAMessageThatIsThereAfterAnAckAndAKill() {
            receive(1);
            ask("b", "ack plain 1:i1", "true");
            reopen("1:i1:V:1");

            assertProblem("a message came back");
        }

        @Test
        void shouldAcceptAnUnansweredAckEitherWay() {
            receive(1);
            say("b", "ack plain 1:i1");
            nowMs += HOUR_MS;
            reopen("1:i1:V:1");
            receive(2);
            say("b", "ack plain 1:i1");
            kill();
            open("keep", DEAD, ORDERS, "plain 0 -");

            assertFine();
        }

        @Test
        void shouldAcceptADeliveryThatOverlapsTheAck() {
            receive(1);
            nowMs += HOUR_MS;
            say("c", "receive plain 10");
            ask("b", "ack plain 1:i1", "true");
            say("c", "got 1:i1:2:-1");
            say("c", "=");
            ask("c", "ack plain 1:i1", "false");

            assertFine();
        }

        @Test
        void shouldObjectToTwoAcksThatSucceed() {
            receive(1);
            say("b", "ack plain 1:i1");
            say("c", "ack plain 1:i1");
            say("b", "= true");
            say("c", "= true");

            assertProblem("two acknowledgements");
        }

        @Test
        void shouldObjectToAnAckThatFindsNothing() {
            receive(1);
            ask("b", "ack plain 1:i1", "false");

            assertProblem("a message is lost, says its acknowledgement");
        }

        @Test
        void shouldAcceptAnAckThatFindsNothingWhileAPurgeIsUnderWayThatBeganBeforeTheSend() {
            say("admin", "purge plain");
            ask("a", "send plain 2:0", "i2");
            say("b", "receive plain 10");
            say("b", "got 2:i2:1:-1");
            say("b", "=");
            ask("b", "ack plain 2:i2", "false");
            say("admin", "= 2");

            assertFine();
        }

        @Test
        void shouldObjectToAnAckThatFindsNothingOfAMessageSentAfterAPurge() {
            ask("admin", "purge plain", "1");
            ask("a", "send plain 2:0", "i2");
            say("b", "receive plain 10");
            say("b", "got 2:i2:1:-1");
            say("b", "=");
            ask("b", "ack plain 2:i2", "false");

            assertProblem("a message is lost, says its acknowledgement");
        }

        @Test
        void shouldObjectToAMessageThatAHandlerHasAcknowledged() {
            say("b", "poll plain 10");
            say("b", "got 1:i1:1:0");
            say("b", "will ack 1:i1");
            say("b", "=");
            reopen("1:i1:V:1");

            assertProblem("a message came back");
        }
    }

    @Nested
    class Counts {
        private void receive(String who, int count) {
            say(who, "receive plain 10");
            say(who, "got 1:i1:" + count + ":-1");
            say(who, "=");
            nowMs += HOUR_MS;
        }

        @Test
        void shouldObjectToACountThatFell() {
            receive("b", 1);
            receive("b", 2);
            reopen("1:i1:V:1");

            assertProblem("the receive count fell below 2");
        }

        @Test
        void shouldObjectToACountThatFellAtTheSecondRestart() {
            receive("b", 1);
            reopen("1:i1:V:1");
            reopen("1:i1:V:0");

            assertProblem("the receive count fell below 1");
        }

        @Test
        void shouldObjectToACountThatIsDeliveredTwice() {
            receive("b", 1);
            receive("c", 1);

            assertProblem("two deliveries have one receive count");
        }

        @Test
        void shouldObjectToReceivesThatNobodyDid() {
            reopen("1:i1:V:1");

            assertProblem("receives were counted that nobody did");
        }

        @Test
        void shouldAcceptOneReceiveThatWasCutOff() {
            say("b", "receive plain 10");
            nowMs += HOUR_MS;
            reopen("1:i1:V:1");

            assertFine();
        }
    }

    @Nested
    class Time {
        @Test
        void shouldObjectToADelayedMessageThatIsEarly() {
            ask("a", "send plain 5:" + HOUR_MS, "i5");
            reopen("1:i1:V:0,5:i5:V:0");

            assertProblem("a delayed message is early");
        }

        @Test
        void shouldObjectToAMessageInFlightThatIsDeliveredAgain() {
            say("b", "receive plain " + HOUR_MS);
            say("b", "got 1:i1:1:-1");
            say("b", "=");
            say("c", "receive plain 10");
            say("c", "got 1:i1:2:-1");

            assertProblem("a message in flight is there early");
        }

        @Test
        void shouldObjectToAMessageInFlightThatIsVisibleAfterAKill() {
            say("b", "receive plain " + HOUR_MS);
            say("b", "got 1:i1:1:-1");
            say("b", "=");
            reopen("1:i1:V:1");

            assertProblem("a message in flight is there early");
        }

        @Test
        void shouldObjectToALongerHidingThatWasForgotten() {
            say("b", "receive plain 10");
            say("b", "got 1:i1:1:-1");
            say("b", "=");
            ask("b", "hide plain " + HOUR_MS + " 1:i1", "true");
            nowMs += 1_000;
            reopen("1:i1:V:1");

            assertProblem("a message in flight is there early");
        }

        @Test
        void shouldObjectToAMessageThatIsStillInFlightAlthoughReleased() {
            say("b", "receive plain " + HOUR_MS);
            say("b", "got 1:i1:1:-1");
            say("b", "=");
            kill();
            open("release", DEAD, ORDERS, "plain 0 - 1:i1:F:1");

            assertProblem("a message is in flight that was released");
        }
    }

    @Nested
    class Names {
        @Test
        void shouldObjectToAnIdThatIsGivenTwice() {
            ask("a", "send plain 5:0", "i1");

            assertProblem("two messages have one id");
        }

        @Test
        void shouldObjectToAnIdThatIsGivenAgainAfterTheFirstMessageHasGone() {
            say("b", "receive plain 10");
            say("b", "got 1:i1:1:-1");
            say("b", "=");
            ask("b", "ack plain 1:i1", "true");
            kill();
            open("keep", DEAD, ORDERS, "plain 0 -");
            ask("a", "send plain 5:0", "i1");

            assertProblem("two messages have one id");
        }

        @Test
        void shouldObjectToAPlaceThatIsGivenAgain() {
            ask("a", "send plain 6:0", "#7");
            reopen("1:i1:V:0,6:i6:V:0");
            ask("a", "send plain 10:0", "#7");

            assertProblem("a place is not above one given before");
        }

        @Test
        void shouldObjectToAnotherIdOfTheSameMessage() {
            reopen("1:other:V:0");

            assertProblem("a message has another id although nothing was redriven");
        }
    }

    @Nested
    class DeadLetters {
        @BeforeEach
        void send() {
            ask("a", "send orders 5:0", "i5");
            say("b", "receive orders 20000");
            say("b", "got 5:i5:1:-1");
            say("b", "=");
        }

        private void reopen(String dead, String orders) {
            kill();
            open("keep", "dead 0 - " + dead, "orders 0 - " + orders, "plain 0 - 1:i1:V:0");
        }

        @Test
        void shouldAcceptAnUnansweredMoveEitherWay() {
            say("b", "dead-letter orders 5:i5");
            reopen("5:i5:V:1", "");

            assertFine();
        }

        @Test
        void shouldObjectToAMessageInBothQueues() {
            say("b", "dead-letter orders 5:i5");
            reopen("5:i5:V:1", "5:i5:F:1");

            assertProblem("a message is there twice");
        }

        @Test
        void shouldObjectToAMoveThatWasForgotten() {
            ask("b", "dead-letter orders 5:i5", "true");
            reopen("", "5:i5:F:1");

            assertProblem("a message is back although it was dead-lettered");
        }

        @Test
        void shouldObjectToAMoveForNoReason() {
            reopen("5:i5:V:1", "");

            assertProblem("a message was dead-lettered for no reason");
        }

        @Test
        void shouldObjectToAMessageThatGetsLostOnItsWay() {
            ask("b", "dead-letter orders 5:i5", "true");
            reopen("", "");

            assertProblem("a message is lost that was acknowledged: message=5");
        }

        @Test
        void shouldAcceptAPurgeThatMeetsWhatIsMovedMeanwhile() {
            say("c", "purge dead");
            ask("a", "send orders 9:0", "i9");
            say("b", "receive orders 20000");
            say("b", "got 9:i9:1:-1");
            say("b", "=");
            ask("b", "dead-letter orders 9:i9", "true");
            say("c", "= 1");
            reopen("", "5:i5:F:1");

            assertFine();
        }

        @Test
        void shouldAcceptARedrive() {
            ask("b", "dead-letter orders 5:i5", "true");
            ask("c", "redrive dead", "task");
            reopen("", "5:new:V:0");

            assertFine();
        }

        @Test
        void shouldObjectToAMessageThatIsThereBeforeAndAfterItsRedrive() {
            ask("b", "dead-letter orders 5:i5", "true");
            ask("c", "redrive dead", "task");
            reopen("5:i5:V:1", "5:new:V:0");

            assertProblem("a message is there twice");
        }
    }

    @Nested
    class Queues {
        @Test
        void shouldObjectToALostQueue() {
            kill();
            open("keep", DEAD, "plain 0 - 1:i1:V:0");

            assertProblem("a queue is lost: orders");
        }

        @Test
        void shouldObjectToADeletedQueueThatIsThere() {
            ask("a", "create passing-0 3", "");
            ask("a", "delete passing-0", "");
            kill();
            open("keep", DEAD, ORDERS, "passing-0 3 -", "plain 0 - 1:i1:V:0");

            assertProblem("a queue is there that was deleted");
        }

        @Test
        void shouldObjectToAnOlderConfiguration() {
            ask("a", "config plain 4", "");
            reopen("1:i1:V:0");

            assertProblem("a queue has another configuration");
        }

        @Test
        void shouldAcceptAnUnansweredChangeEitherWay() {
            say("a", "config plain 4");
            reopen("1:i1:V:0");
            say("b", "config plain 4");
            kill();
            open("keep", DEAD, ORDERS, "plain 4 - 1:i1:V:0");

            assertFine();
        }

        @Test
        void shouldObjectToTagsThatWereForgotten() {
            ask("a", "tag plain x=1", "");
            reopen("1:i1:V:0");

            assertProblem("a queue has other tags");
        }

        @Test
        void shouldAcceptTagsThatWereAddedAndRemoved() {
            ask("a", "tag plain x=1,y=2", "");
            ask("a", "untag plain x", "");
            kill();
            open("keep", DEAD, ORDERS, "plain 0 y=2 1:i1:V:0");

            assertFine();
        }

        @Test
        void shouldObjectToFiguresThatDoNotAddUp() {
            kill();
            ask("main", "open keep", "");
            say("main", "stock");
            say("main", "queue plain 0 - 2/0/0");
            say("main", "m 1:i1:V:0");
            say("main", "counted 2/0/0");

            assertProblem("the figures of a queue do not add up");
        }

        @Test
        void shouldObjectToAnotherOrder() {
            ask("a", "send plain 5:0", "i5");
            reopen("5:i5:V:0,1:i1:V:0");

            assertProblem("a message stands behind one");
        }

        @Test
        void shouldAcceptAnyOrderOfWhatWasSentAtTheSameTime() {
            say("a", "send plain 5:0");
            say("b", "send plain 268435456:0");
            say("a", "= i5");
            say("b", "= i6");
            reopen("1:i1:V:0,268435456:i6:V:0,5:i5:V:0");

            assertFine();
        }
    }

    @Test
    void shouldObjectToALineThatItDoesNotUnderstand() {
        ledger.line("what is this");

        assertProblem("cannot be read");
    }

    @Test
    void shouldObjectToAThreadThatFailed() {
        say("w0", "failed java.lang.IllegalStateException");

        assertProblem("failed java.lang.IllegalStateException");
    }
}
