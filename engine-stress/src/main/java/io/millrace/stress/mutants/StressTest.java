package io.millrace.stress.mutants;

/**
 * A jcstress test. Immutable.
 *
 * @param name {@code XStress.Y}
 */
public record StressTest(String name) implements Catcher {
    @Override
    public String toString() {
        return name;
    }
}
