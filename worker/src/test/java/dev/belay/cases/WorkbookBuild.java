package dev.belay.cases;

/// The steps that make workbooks.
final class WorkbookBuild {
    private WorkbookBuild() {}

    static byte[] apply(String verb, String rest, Case one, byte[] bytes) {
        throw new IllegalArgumentException("no step: %s %s in %s of %d bytes".formatted(verb, rest, one, bytes.length));
    }
}
