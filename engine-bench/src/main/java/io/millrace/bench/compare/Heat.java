package io.millrace.bench.compare;

import io.millrace.api.Durability;
import java.util.List;

/**
 * Those who are compared with each other, round by round. Immutable.
 *
 * @param title what they do, in words
 * @param level what messages survive
 * @param entrants at least one
 */
public record Heat(String title, Durability level, List<Entrant> entrants) {
    /** Copies the list. */
    public Heat {
        entrants = List.copyOf(entrants);
    }
}
