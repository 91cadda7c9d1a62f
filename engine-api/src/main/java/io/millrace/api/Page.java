package io.millrace.api;

import io.millrace.api.check.Arguments;
import java.util.List;
import java.util.Optional;

/**
 * Part of a long list, with the way to the next part. Immutable if the items are.
 *
 * @param <T> what is listed
 * @param items the items of this part, in order, copied; may be empty
 * @param nextToken what to pass in order to get the next part, or empty if this was the last one. Opaque: valid for the
 *     same list and the same filter only
 */
public record Page<T>(List<T> items, Optional<String> nextToken) {
    /**
     * Copies the items.
     *
     * @param items the items of this part
     * @param nextToken the way to the next part
     * @throws NullPointerException if a component or an item is null
     */
    public Page {
        items = List.copyOf(Arguments.notNull("items", items));
        Arguments.notNull("nextToken", nextToken);
    }
}
