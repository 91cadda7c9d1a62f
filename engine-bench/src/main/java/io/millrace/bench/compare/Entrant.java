package io.millrace.bench.compare;

import io.millrace.api.Durability;
import io.millrace.bench.run.Crew;
import io.millrace.bench.run.Persistence;
import io.millrace.bench.run.QueueLoad;
import java.nio.file.Path;
import java.util.List;

/**
 * A contestant and what it does in each round. Immutable.
 *
 * @param contestant who
 * @param load its backlog is 0
 * @param persistence what its messages survive, and where they are
 */
public record Entrant(Contestant contestant, QueueLoad load, Persistence persistence) {
    /** For example {@code millrace-raw}, {@code millrace-raw-cycle}, or {@code ChronicleQueue-2P0C} where files are compared. */
    public String name() {
        Crew crew = load.crew();
        if (!persistence.isOnDisk()) {
            return contestant + (crew.isCycle() ? "-cycle" : "");
        }
        return contestant + "-" + crew + (persistence.hasWeakerAcks() ? "-weak-acks" : "");
    }

    /** The same with its files in another directory. */
    Entrant in(Path directory) {
        return new Entrant(contestant, load, new Persistence(persistence.level(), persistence.ackLevel(), directory));
    }

    /** For the command line of a process, see {@link #parse}. */
    List<String> toArguments() {
        Crew crew = load.crew();
        return List.of(
                contestant.name(),
                Integer.toString(load.payloadBytes()),
                Integer.toString(crew.producers()),
                Integer.toString(crew.consumers()),
                Integer.toString(crew.batch()),
                Integer.toString(crew.sendBatch()),
                Boolean.toString(crew.isCycle()),
                Long.toString(load.messages()),
                Long.toString(load.window()),
                persistence.level().name(),
                persistence.ackLevel().name(),
                persistence.parent().toString());
    }

    static Entrant parse(String... arguments) {
        Crew crew = new Crew(
                Integer.parseInt(arguments[2]),
                Integer.parseInt(arguments[3]),
                Integer.parseInt(arguments[4]),
                Integer.parseInt(arguments[5]),
                Boolean.parseBoolean(arguments[6]));
        QueueLoad load = new QueueLoad(
                Integer.parseInt(arguments[1]), crew, Long.parseLong(arguments[7]), 0, Long.parseLong(arguments[8]));
        return new Entrant(
                Contestant.valueOf(arguments[0]),
                load,
                new Persistence(
                        Durability.valueOf(arguments[9]), Durability.valueOf(arguments[10]), Path.of(arguments[11])));
    }
}
