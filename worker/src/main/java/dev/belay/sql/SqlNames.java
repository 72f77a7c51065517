package dev.belay.sql;

/// The one place where a name goes into SQL text.
public final class SqlNames {
    private SqlNames() {}

    /// The name as a quoted identifier.
    ///
    /// @throws IllegalArgumentException when it holds a NUL character, which no quoting can carry
    public static String quoted(String name) {
        if (name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a name with a NUL character cannot be quoted");
        }
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
