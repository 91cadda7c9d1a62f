package io.millrace.api;

import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Renders the exported API as text: every type with its public and protected members, one line each, in an order that
 * depends on their text only. What every type, record or enum has by itself is left out.
 */
final class ApiDump {
    private static final Set<String> OF_EVERY_OBJECT = Set.of("equals", "hashCode", "toString");
    private static final Set<String> OF_EVERY_ENUM = Set.of("values", "valueOf");

    private ApiDump() {}

    static String render(List<Class<?>> types) {
        return types.stream().map(ApiDump::render).collect(Collectors.joining("\n"));
    }

    private static String render(Class<?> type) {
        Stream<String> members = Stream.of(constants(type), fields(type), constructors(type), methods(type))
                .flatMap(lines -> lines)
                .map(line -> "    " + line + "\n");
        return header(type) + "\n" + members.collect(Collectors.joining());
    }

    // ---- the type ---------------------------------------------------------------------------------------------------

    private static String header(Class<?> type) {
        return Stream.of(
                        annotations(type),
                        modifiers(type),
                        kind(type) + " " + qualified(type) + typeParameters(type.getTypeParameters())
                                + components(type),
                        list("extends ", superclass(type)),
                        list(type.isInterface() ? "extends " : "implements ", Stream.of(type.getGenericInterfaces())),
                        list("permits ", permitted(type)))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(" "));
    }

    private static String annotations(Class<?> type) {
        return type.isAnnotationPresent(FunctionalInterface.class) ? "@FunctionalInterface" : "";
    }

    private static String modifiers(Class<?> type) {
        int own = type.getModifiers() & ~Modifier.STATIC & ~Modifier.INTERFACE;
        boolean impliesFinal = type.isRecord() || type.isEnum();
        int shown = type.isInterface() ? own & ~Modifier.ABSTRACT : impliesFinal ? own & ~Modifier.FINAL : own;
        return Modifier.toString(shown) + (type.isSealed() ? " sealed" : "");
    }

    private static String kind(Class<?> type) {
        if (type.isInterface()) {
            return "interface";
        }
        return type.isRecord() ? "record" : type.isEnum() ? "enum" : "class";
    }

    private static String qualified(Class<?> type) {
        return type.getName().replace('$', '.');
    }

    private static String components(Class<?> type) {
        if (!type.isRecord()) {
            return "";
        }
        return Stream.of(type.getRecordComponents())
                .map(component -> name(component.getGenericType()) + " " + component.getName())
                .collect(Collectors.joining(", ", "(", ")"));
    }

    private static Stream<Type> superclass(Class<?> type) {
        boolean isImplied =
                type.isInterface() || type.isRecord() || type.isEnum() || type.getSuperclass() == Object.class;
        return isImplied ? Stream.of() : Stream.of(type.getGenericSuperclass());
    }

    private static Stream<Type> permitted(Class<?> type) {
        return type.isSealed() ? Stream.of(type.getPermittedSubclasses()) : Stream.of();
    }

    // ---- members ----------------------------------------------------------------------------------------------------

    /** In the order of their declaration, which counts. */
    private static Stream<String> constants(Class<?> type) {
        return type.isEnum() ? Stream.of(type.getEnumConstants()).map(Object::toString) : Stream.of();
    }

    private static Stream<String> fields(Class<?> type) {
        return Stream.of(type.getDeclaredFields())
                .filter(field -> isVisible(field.getModifiers()) && !field.isEnumConstant())
                .sorted(Comparator.comparing(Field::getName))
                .map(ApiDump::field);
    }

    private static String field(Field field) {
        return Modifier.toString(field.getModifiers()) + " " + name(field.getGenericType()) + " " + field.getName()
                + " = " + valueOf(field);
    }

    private static Object valueOf(Field constant) {
        try {
            return constant.get(null);
        } catch (IllegalAccessException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    private static Stream<String> constructors(Class<?> type) {
        return Stream.of(type.getDeclaredConstructors())
                .filter(constructor -> isVisible(constructor.getModifiers()) && !isCanonical(type, constructor))
                .map(constructor -> Modifier.toString(constructor.getModifiers()) + " " + type.getSimpleName()
                        + parameters(constructor))
                .sorted();
    }

    private static boolean isCanonical(Class<?> type, Constructor<?> constructor) {
        return type.isRecord()
                && Arrays.equals(
                        constructor.getParameterTypes(),
                        Stream.of(type.getRecordComponents())
                                .map(RecordComponent::getType)
                                .toArray());
    }

    private static Stream<String> methods(Class<?> type) {
        return Stream.of(type.getDeclaredMethods())
                .filter(method -> isVisible(method.getModifiers()) && !method.isSynthetic() && !isImplied(type, method))
                .sorted(Comparator.comparing(Method::getName).thenComparing(ApiDump::parameters))
                .map(method -> method(type, method));
    }

    private static boolean isImplied(Class<?> type, Method method) {
        String name = method.getName();
        boolean isAccessor = type.isRecord()
                && Stream.of(type.getRecordComponents())
                        .anyMatch(component -> component.getAccessor().equals(method));
        return isAccessor || OF_EVERY_OBJECT.contains(name) || (type.isEnum() && OF_EVERY_ENUM.contains(name));
    }

    private static String method(Class<?> type, Method method) {
        int own = method.getModifiers() & Modifier.methodModifiers();
        String modifiers = Modifier.toString(type.isInterface() ? own & Modifier.STATIC : own);
        return Stream.of(
                        method.isDefault() ? "default" : modifiers,
                        typeParameters(method.getTypeParameters()),
                        name(method.getGenericReturnType()),
                        method.getName() + parameters(method),
                        list("throws ", Stream.of(method.getGenericExceptionTypes())))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(" "));
    }

    private static String parameters(Executable executable) {
        return Stream.of(executable.getParameters())
                .map(ApiDump::parameter)
                .collect(Collectors.joining(", ", "(", ")"));
    }

    private static String parameter(Parameter parameter) {
        if (!parameter.isNamePresent()) {
            throw new IllegalStateException("classes must be compiled with -parameters: parameter=" + parameter);
        }
        return name(parameter.getParameterizedType()) + " " + parameter.getName();
    }

    private static boolean isVisible(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    // ---- names ------------------------------------------------------------------------------------------------------

    private static String typeParameters(TypeVariable<?>[] variables) {
        return variables.length == 0
                ? ""
                : Stream.of(variables).map(TypeVariable::getName).collect(Collectors.joining(", ", "<", ">"));
    }

    private static String list(String prefix, Stream<Type> types) {
        String names = types.map(ApiDump::name).collect(Collectors.joining(", "));
        return names.isEmpty() ? "" : prefix + names;
    }

    /** The name without packages. */
    private static String name(Type type) {
        return type.getTypeName().replaceAll("[a-z]+\\.", "").replace('$', '.');
    }
}
