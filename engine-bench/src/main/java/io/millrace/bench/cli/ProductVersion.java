package io.millrace.bench.cli;

import io.millrace.Engine;
import java.util.Objects;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints. */
final class ProductVersion implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String version = Engine.class.getPackage().getImplementationVersion();
        return new String[] {
            "millrace " + Objects.requireNonNullElse(version, "of no released version"), "on Java " + Runtime.version()
        };
    }
}
