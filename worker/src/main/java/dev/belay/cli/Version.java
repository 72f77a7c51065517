package dev.belay.cli;

import picocli.CommandLine.IVersionProvider;

/// What `belay --version` says.
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String built = Belay.class.getPackage().getImplementationVersion();
        return new String[] {
            "belay " + (built == null ? "(not packaged)" : built),
            "java " + Runtime.version() + " on " + System.getProperty("os.name") + " " + System.getProperty("os.arch")
        };
    }
}
