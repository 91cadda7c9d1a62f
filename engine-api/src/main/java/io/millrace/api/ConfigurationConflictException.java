package io.millrace.api;

import java.io.Serial;

/**
 * Thrown when something is opened with a configuration that differs from the one that it has. Thread-safe.
 *
 * <p>Nothing has changed; the message says which call would change it.
 */
public final class ConfigurationConflictException extends EngineException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** The component that differs. */
    private final String component;

    /** The value in force. */
    private final String existing;

    /** The value that was asked for. */
    private final String requested;

    /** The call that changes the value in force. */
    private final String remedy;

    /**
     * Names the difference and the way out.
     *
     * @param subject what was opened, as a pair, for example {@code queue=orders}
     * @param component the component of the configuration that differs
     * @param existing the value in force, as text
     * @param requested the value that was asked for, as text
     * @param remedy the call that changes the value in force
     */
    public ConfigurationConflictException(
            String subject, String component, String existing, String requested, String remedy) {
        super("configuration differs from the existing one: " + subject + " component=" + component + " existing="
                + existing + " requested=" + requested + "; to change it call " + remedy);
        this.component = component;
        this.existing = existing;
        this.requested = requested;
        this.remedy = remedy;
    }

    /**
     * The component of the configuration that differs.
     *
     * @return for example {@code visibilityTimeout}
     */
    public String component() {
        return component;
    }

    /**
     * The value in force.
     *
     * @return the value as text, for example {@code PT30S}
     */
    public String existing() {
        return existing;
    }

    /**
     * The value that was asked for.
     *
     * @return the value as text, for example {@code PT5S}
     */
    public String requested() {
        return requested;
    }

    /**
     * The call that changes the value in force.
     *
     * @return for example {@code queue.admin().update(c -> c.withVisibilityTimeout(...))}
     */
    public String remedy() {
        return remedy;
    }
}
