package io.millrace.api.queue;

import io.millrace.api.check.Arguments;

/**
 * One component in which two configurations differ. Immutable.
 *
 * @param component the component's name, for example {@code visibilityTimeout}, not null
 * @param existing its value in the configuration in force, not null
 * @param requested its value in the other configuration, not null
 */
public record ConfigDifference(String component, Object existing, Object requested) {
    /**
     * Refuses null.
     *
     * @param component the component's name
     * @param existing its value in the configuration in force
     * @param requested its value in the other configuration
     * @throws NullPointerException if a component is null
     */
    public ConfigDifference {
        Arguments.notNull("component", component);
        Arguments.notNull("existing", existing);
        Arguments.notNull("requested", requested);
    }
}
