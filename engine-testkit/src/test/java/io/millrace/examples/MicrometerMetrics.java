package io.millrace.examples;

// snippet: micrometer
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.millrace.api.EngineMeter;
import io.millrace.api.EngineMetrics;

/** Shows an engine's figures in a Micrometer registry, each with a tag that names the engine. */
record MicrometerMetrics(MeterRegistry registry, String engine) implements EngineMetrics {
    @Override
    public Registration register(EngineMeter meter) {
        Meter shown = meter.kind() == EngineMeter.Kind.COUNTER ? counter(meter) : gauge(meter);
        return () -> registry.remove(shown);
    }

    private Meter counter(EngineMeter meter) {
        return FunctionCounter.builder(meter.name(), meter, EngineMeter::value)
                .tags(tags(meter))
                .baseUnit(meter.unit())
                .description(meter.description())
                .register(registry);
    }

    private Meter gauge(EngineMeter meter) {
        return Gauge.builder(meter.name(), meter, EngineMeter::value)
                .tags(tags(meter))
                .baseUnit(meter.unit())
                .description(meter.description())
                .register(registry);
    }

    private Tags tags(EngineMeter meter) {
        Tags tags = Tags.of("engine", engine);
        for (var tag : meter.tags().entrySet()) {
            tags = tags.and(Tag.of(tag.getKey(), tag.getValue()));
        }
        return tags;
    }
}
// end
