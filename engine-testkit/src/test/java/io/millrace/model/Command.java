package io.millrace.model;

import io.millrace.api.queue.QueueConfig;
import io.millrace.api.raw.Disposition;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One step of a history; its text is what a failed test prints. Immutable. */
sealed interface Command {
    Answer on(Side side);

    /** The components that differ from the defaults. */
    private static String brief(QueueConfig config) {
        Set<String> defaults = components(QueueConfig.defaults());
        return String.join(
                " ",
                components(config).stream().filter(c -> !defaults.contains(c)).toList());
    }

    private static Set<String> components(QueueConfig config) {
        String text = config.toString();
        return new LinkedHashSet<>(
                List.of(text.substring(text.indexOf('[') + 1, text.length() - 1).split(", (?=[a-zA-Z]+=)")));
    }

    record Create(String queue, QueueConfig config) implements Command {
        @Override
        public Answer on(Side side) {
            return side.create(queue, config);
        }

        @Override
        public String toString() {
            return "Create[" + queue + ", " + brief(config) + "]";
        }
    }

    record Delete(String queue) implements Command {
        @Override
        public Answer on(Side side) {
            return side.delete(queue);
        }
    }

    record Update(String queue, QueueConfig config) implements Command {
        @Override
        public Answer on(Side side) {
            return side.update(queue, config);
        }

        @Override
        public String toString() {
            return "Update[" + queue + ", " + brief(config) + "]";
        }
    }

    record Send(String queue, List<Draft> drafts, boolean raw) implements Command {
        @Override
        public Answer on(Side side) {
            return side.send(queue, drafts, raw);
        }

        @Override
        public String toString() {
            return "Send[" + queue + ", " + (drafts.size() > 3 ? drafts.size() + " drafts" : drafts) + ", raw=" + raw
                    + "]";
        }
    }

    record Open(int claim, String queue, Draft draft) implements Command {
        @Override
        public Answer on(Side side) {
            return side.open(claim, queue, draft);
        }
    }

    record Commit(int claim) implements Command {
        @Override
        public Answer on(Side side) {
            return side.commit(claim);
        }
    }

    record Abort(int claim) implements Command {
        @Override
        public Answer on(Side side) {
            return side.abort(claim);
        }
    }

    record Receive(String queue, int max, Optional<Duration> visibilityTimeout) implements Command {
        @Override
        public Answer on(Side side) {
            return side.receive(queue, max, visibilityTimeout);
        }
    }

    record Poll(String queue, int limit, List<Disposition> dispositions) implements Command {
        @Override
        public Answer on(Side side) {
            return side.poll(queue, limit, dispositions);
        }
    }

    record Ack(List<Ref> messages, Via via) implements Command {
        @Override
        public Answer on(Side side) {
            return side.ack(messages, via);
        }

        @Override
        public String toString() {
            return "Ack[" + (messages.size() > 3 ? messages.size() + " messages" : messages) + ", " + via + "]";
        }
    }

    record Hide(Ref message, Duration howLong, boolean givingBack, Via via) implements Command {
        @Override
        public Answer on(Side side) {
            return side.hide(message, howLong, givingBack, via);
        }
    }

    record DeadLetter(Ref message, String reason, Via via) implements Command {
        @Override
        public Answer on(Side side) {
            return side.deadLetter(message, reason, via);
        }
    }

    record Purge(String queue) implements Command {
        @Override
        public Answer on(Side side) {
            return side.purge(queue);
        }
    }

    record Peek(String queue, int max) implements Command {
        @Override
        public Answer on(Side side) {
            return side.peek(queue, max);
        }
    }

    record Stats(String queue) implements Command {
        @Override
        public Answer on(Side side) {
            return side.stats(queue);
        }
    }

    record Redrive(String queue, Optional<String> destination) implements Command {
        @Override
        public Answer on(Side side) {
            return side.redrive(queue, destination);
        }
    }

    record RedriveProgress(String queue) implements Command {
        @Override
        public Answer on(Side side) {
            return side.redriveStatus(queue);
        }
    }

    /** The process ends without warning, and another goes on with what it left. */
    record Restart() implements Command {
        @Override
        public Answer on(Side side) {
            return side.restart();
        }
    }

    /** Time passes; everything due up to then happens, in order. */
    record Pass(Duration howLong) implements Command {
        @Override
        public Answer on(Side side) {
            return Answer.done();
        }
    }
}
