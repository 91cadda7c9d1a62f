package io.millrace.api;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.millrace.api.queue.Backoff;
import io.millrace.api.queue.ConsumerConfig;
import io.millrace.api.queue.QueueConfig;
import io.millrace.api.queue.ReceiptHandle;
import io.millrace.api.queue.ReceiveOptions;
import io.millrace.api.queue.RedriveAllow;
import io.millrace.api.queue.RedrivePolicy;
import io.millrace.api.queue.RedriveRequest;
import io.millrace.api.queue.SendResult;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Nothing that this module implements takes null. Calls every public constructor and method that has code with null in
 * one place and something valid in the others. Exceptions are left out: they must be makeable when something is already
 * wrong.
 */
class NullArgumentsTest {
    private static final Map<Class<?>, Object> VALID = new HashMap<>();

    static {
        Refusal refusal = new Refusal(Refusal.Reason.BACKLOG_LIMIT, "");
        for (Object value : List.of(
                "orders",
                new byte[ReceiptHandle.LENGTH],
                new BigDecimal(1),
                Duration.ofSeconds(1),
                Instant.EPOCH,
                Attribute.number(1),
                Attributes.empty(),
                Message.text("a"),
                new MessageId(0, 1),
                refusal,
                EngineConfig.defaults(),
                new Page<>(List.of(), Optional.empty()),
                QueueConfig.defaults(),
                ConsumerConfig.defaults(),
                ReceiveOptions.upTo(1),
                RedriveAllow.none(),
                RedriveRequest.toSources(),
                new RedrivePolicy("dead", 1),
                Backoff.fixed(Duration.ZERO),
                ReceiptHandle.of(new byte[ReceiptHandle.LENGTH]),
                new SendResult.Refused(refusal))) {
            VALID.put(value.getClass(), value);
        }
        VALID.put(boolean.class, false);
        VALID.put(int.class, 1);
        VALID.put(long.class, 1L << 20);
        VALID.put(double.class, 1.0);
        VALID.put(Object.class, "anything");
        VALID.put(ByteBuffer.class, ByteBuffer.allocate(8));
        VALID.put(EngineClock.class, EngineClock.system());
        VALID.put(EngineMetrics.class, EngineMetrics.none());
        VALID.put(List.class, List.of());
        VALID.put(Set.class, Set.of());
        VALID.put(Map.class, Map.of());
        VALID.put(Optional.class, Optional.empty());
        VALID.put(OptionalInt.class, OptionalInt.empty());
        VALID.put(OptionalLong.class, OptionalLong.empty());
        VALID.put(Consumer.class, (Consumer<Object>) anything -> {});
    }

    @ParameterizedTest(name = "{0} at {1}")
    @MethodSource("references")
    void shouldRefuseNull(Executable executable, int place) {
        assertThatExceptionOfType(InvocationTargetException.class)
                .isThrownBy(() -> call(executable, argumentsWithNullAt(place, executable)))
                .havingCause()
                .isInstanceOf(NullPointerException.class)
                .withMessageEndingWith(" must not be null");
    }

    /** Every constructor and method with code, with each place at which it takes a reference. */
    static Stream<Object[]> references() {
        return ExportedTypes.all().stream()
                .filter(type -> !Throwable.class.isAssignableFrom(type) && !type.isEnum())
                .flatMap(NullArgumentsTest::withCode)
                .flatMap(NullArgumentsTest::placesOf);
    }

    private static Stream<Executable> withCode(Class<?> type) {
        Stream<Method> methods = Stream.of(type.getDeclaredMethods())
                .filter(method -> !method.isSynthetic() && !method.getName().equals("equals"))
                .filter(method -> !type.isInterface() || Modifier.isStatic(method.getModifiers()));
        return Stream.concat(Stream.of(type.getConstructors()), methods)
                .filter(executable -> Modifier.isPublic(executable.getModifiers()));
    }

    private static Stream<Object[]> placesOf(Executable executable) {
        Class<?>[] parameters = executable.getParameterTypes();
        return IntStream.range(0, parameters.length)
                .filter(place -> !parameters[place].isPrimitive())
                .mapToObj(place -> new Object[] {executable, place});
    }

    private static Object[] argumentsWithNullAt(int nullPlace, Executable executable) {
        List<Object> arguments = new ArrayList<>();
        for (Class<?> parameter : executable.getParameterTypes()) {
            arguments.add(arguments.size() == nullPlace ? null : valid(parameter));
        }
        return arguments.toArray();
    }

    private static void call(Executable executable, Object[] arguments) throws ReflectiveOperationException {
        if (executable instanceof Method method) {
            boolean isStatic = Modifier.isStatic(method.getModifiers());
            method.invoke(isStatic ? null : valid(method.getDeclaringClass()), arguments);
        } else {
            ((Constructor<?>) executable).newInstance(arguments);
        }
    }

    private static Object valid(Class<?> type) {
        Object value = type.isEnum() ? type.getEnumConstants()[0] : VALID.get(type);
        if (value == null) {
            throw new AssertionError("add a valid value: type=" + type);
        }
        return value;
    }
}
