package io.millrace.api;

import io.millrace.api.check.Arguments;

/** What an attribute may be called. Stateless, thread-safe. */
final class AttributeNames {
    private static final int MAX_CHARS = 256;
    private static final char FIRST_ACCENTED = '\u00C0';
    private static final char LAST_ACCENTED = '\u017F';

    private AttributeNames() {}

    /** Returns the name if it follows the rules. */
    static String check(String name) {
        Arguments.notNull("name", name);
        if (name.isEmpty() || name.length() > MAX_CHARS) {
            throw refused("have 1 to " + MAX_CHARS + " characters", name);
        }
        for (int i = 0; i < name.length(); i++) {
            if (!isAllowed(name.charAt(i))) {
                throw refused("consist of letters, digits, '_', '.' and '-'", name);
            }
        }
        if (name.startsWith(".") || name.endsWith(".") || name.contains("..")) {
            throw refused("neither begin nor end with a dot nor have two in a row", name);
        }
        return name;
    }

    private static boolean isAllowed(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '_'
                || c == '.'
                || c == '-'
                || (c >= FIRST_ACCENTED && c <= LAST_ACCENTED);
    }

    private static IllegalArgumentException refused(String rule, String name) {
        return new IllegalArgumentException("attribute name must " + rule + ": name=" + Arguments.shown(name, 100));
    }
}
