package io.millrace.api.queue;

import io.millrace.api.check.Arguments;

/**
 * What a queue may be called: 1 to 80 letters, digits, hyphens and underscores of ASCII. Stateless, thread-safe.
 *
 * <p>The name of a FIFO queue ends in {@code .fifo}, which counts within the 80, and no other name has a dot in it.
 * Upper and lower case differ.
 */
public final class QueueNames {
    private static final String FIFO_SUFFIX = ".fifo";
    private static final int MAX_CHARS = 80;
    private static final int MAX_SHOWN_CHARS = 100;

    private QueueNames() {}

    /**
     * Refuses a name that breaks the rules above.
     *
     * @param name the name to check, not null
     * @return the name
     * @throws NullPointerException if the name is null
     * @throws IllegalArgumentException if the name breaks the rules; the message shows 100 characters of it at most
     */
    public static String check(String name) {
        Arguments.notNull("name", name);
        if (!isValid(name)) {
            throw new IllegalArgumentException("queue name must be 1 to " + MAX_CHARS
                    + " letters, digits, '-' and '_', with " + FIFO_SUFFIX + " at the end of a FIFO queue's: name="
                    + Arguments.shown(name, MAX_SHOWN_CHARS));
        }
        return name;
    }

    /**
     * Whether a name is that of a FIFO queue.
     *
     * @param name a valid name, not null
     * @return true if it ends in {@code .fifo}
     */
    public static boolean isFifo(String name) {
        return Arguments.notNull("name", name).endsWith(FIFO_SUFFIX);
    }

    private static boolean isValid(String name) {
        int stemLength = isFifo(name) ? name.length() - FIFO_SUFFIX.length() : name.length();
        if (stemLength == 0 || name.length() > MAX_CHARS) {
            return false;
        }
        for (int i = 0; i < stemLength; i++) {
            if (!isAllowed(name.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAllowed(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    }
}
