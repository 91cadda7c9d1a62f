package io.millrace.api;

import io.millrace.api.check.Arguments;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Named attributes of a message, in the order in which they were added. Immutable.
 *
 * <p>A name has 1 to 256 characters, letters, digits, {@code _}, {@code .} and {@code -} (and the characters U+00C0 to
 * U+017F); it neither begins nor ends with a dot, nor has two dots in a row. Upper and lower case differ. Two objects
 * are equal if they have equal attributes under the same names, in whatever order.
 */
public final class Attributes implements Iterable<Map.Entry<String, Attribute>> {
    private static final Attributes EMPTY = new Attributes(Map.of());

    private final Map<String, Attribute> byName;
    private final int length;

    /** Takes over a map that nobody changes any more. */
    private Attributes(Map<String, Attribute> byName) {
        this.byName = Collections.unmodifiableMap(byName);
        this.length = lengthOf(byName);
    }

    private static int lengthOf(Map<String, Attribute> byName) {
        long length = 0;
        for (Map.Entry<String, Attribute> entry : byName.entrySet()) {
            length += Utf8.lengthOf(entry.getKey());
            length += Utf8.lengthOf(entry.getValue().typeName());
            length += entry.getValue().length();
        }
        return (int) Math.min(length, Integer.MAX_VALUE);
    }

    /**
     * No attributes.
     *
     * @return always the same object
     */
    public static Attributes empty() {
        return EMPTY;
    }

    /**
     * One attribute.
     *
     * @param name the attribute's name, see above, not null
     * @param attribute its value, not null
     * @return the attributes
     * @throws IllegalArgumentException if the name breaks the rules
     */
    public static Attributes of(String name, Attribute attribute) {
        return EMPTY.with(name, attribute);
    }

    /**
     * Many attributes at once.
     *
     * @param attributes names, see above, and values, copied in the map's order; neither null
     * @return the attributes
     * @throws IllegalArgumentException if a name breaks the rules
     */
    public static Attributes copyOf(Map<String, Attribute> attributes) {
        Arguments.notNull("attributes", attributes);
        Map<String, Attribute> copy = new LinkedHashMap<>();
        attributes.forEach((name, attribute) -> put(copy, name, attribute));
        return copy.isEmpty() ? EMPTY : new Attributes(copy);
    }

    /**
     * These attributes and one more; one of the same name is replaced and keeps its place.
     *
     * @param name the attribute's name, see above, not null
     * @param attribute its value, not null
     * @return new attributes; takes time in proportion to their number
     * @throws IllegalArgumentException if the name breaks the rules
     */
    public Attributes with(String name, Attribute attribute) {
        Map<String, Attribute> copy = new LinkedHashMap<>(byName);
        put(copy, name, attribute);
        return new Attributes(copy);
    }

    private static void put(Map<String, Attribute> target, String name, Attribute attribute) {
        target.put(AttributeNames.check(name), Arguments.notNull("attribute", attribute));
    }

    /**
     * How many attributes there are.
     *
     * @return 0 or more
     */
    public int size() {
        return byName.size();
    }

    /**
     * Whether there is no attribute.
     *
     * @return true if {@link #size()} is 0
     */
    public boolean isEmpty() {
        return byName.isEmpty();
    }

    /**
     * How many bytes the attributes count against the limit on the size of a message: names, type names and values,
     * text in UTF-8.
     *
     * @return 0 or more; {@link Integer#MAX_VALUE} also stands for everything above it
     */
    public int length() {
        return length;
    }

    /**
     * The names in order.
     *
     * @return an unmodifiable set
     */
    public Set<String> names() {
        return byName.keySet();
    }

    /**
     * The attribute of a name.
     *
     * @param name any text, not null
     * @return the attribute, or empty if there is none of this name
     */
    public Optional<Attribute> find(String name) {
        return Optional.ofNullable(byName.get(Arguments.notNull("name", name)));
    }

    /**
     * The text of a string or number attribute.
     *
     * @param name any text, not null
     * @return the text, or empty if there is no attribute of this name
     * @throws IllegalStateException if the attribute is binary
     */
    public Optional<String> text(String name) {
        return find(name).map(Attribute::text);
    }

    /**
     * The attributes as a map in order.
     *
     * @return an unmodifiable map
     */
    public Map<String, Attribute> asMap() {
        return byName;
    }

    /**
     * Names and attributes in order.
     *
     * @return an iterator that cannot remove
     */
    @Override
    public Iterator<Map.Entry<String, Attribute>> iterator() {
        return byName.entrySet().iterator();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Attributes that && byName.equals(that.byName);
    }

    @Override
    public int hashCode() {
        return byName.hashCode();
    }

    /**
     * Names, types and lengths, without the values, which may be secrets.
     *
     * @return for example {@code {venue=String length=4}}
     */
    @Override
    public String toString() {
        return byName.toString();
    }
}
