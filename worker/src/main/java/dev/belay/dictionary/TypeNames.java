package dev.belay.dictionary;

import dev.belay.job.ColumnType;
import java.util.Optional;

/// Belay's column types beside those of Frictionless Table Schema
/// (<https://specs.frictionlessdata.io/table-schema/#types-and-formats>).
final class TypeNames {
    private TypeNames() {}

    /// The Table Schema type that holds every value of `type`.
    static String frictionless(ColumnType type) {
        return switch (type) {
            case BOOLEAN -> "boolean";
            case INTEGER -> "integer";
            case DECIMAL, DOUBLE -> "number";
            case DATE -> "date";
            case TIME -> "time";
            case TIMESTAMP -> "datetime";
            // JSON may be an array, which Table Schema keeps apart from objects.
            case UUID, JSON, TEXT -> "string";
        };
    }

    /// Whether the Table Schema name alone does not say which of our types it is.
    static boolean needsExactName(ColumnType type) {
        return switch (type) {
            case DECIMAL, DOUBLE, UUID, JSON -> true;
            case BOOLEAN, INTEGER, DATE, TIME, TIMESTAMP, TEXT -> false;
        };
    }

    /// The type of either vocabulary's name; empty for Table Schema types that Belay loads as text.
    static Optional<ColumnType> understood(String name) {
        return switch (name) {
            case "number" -> Optional.of(ColumnType.DECIMAL);
            case "datetime" -> Optional.of(ColumnType.TIMESTAMP);
            case "string" -> Optional.of(ColumnType.TEXT);
            default -> ColumnType.of(name);
        };
    }
}
