package dev.belay.tabular;

import dev.belay.job.ColumnType;
import dev.belay.job.Excerpt;
import dev.belay.job.Place;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Makes the sentences that say why a record was rejected.
final class RejectedRecords {
    private RejectedRecords() {}

    static RejectedRecord of(RecordGate.Reject reject, List<String> titles, long record, long line) {
        String where = "record %d (line %d)".formatted(record, line);
        if (reject.code() == RejectCode.FIELD_COUNT) {
            String message = "%s has %d %s, the header has %d"
                    .formatted(where, reject.field(), reject.field() == 1 ? "field" : "fields", titles.size());
            return new RejectedRecord(place(reject, record, line, null, null), reject.code(), message);
        }
        String title = titles.get(reject.field());
        String column = "%s, column %s: ".formatted(where, Quoted.of(title));
        String value = Quoted.of(reject.detail());
        String message = switch (reject.code()) {
            case FIELD_COUNT, JSON_SYNTAX, JSON_SHAPE, JSON_DUPLICATE_KEY ->
                throw new IllegalStateException("was before");
            case ENCODING -> "byte %d: %s is not text in UTF-8".formatted(reject.place(), reject.detail());
            case NUL_CHARACTER -> "the value holds the character U+0000";
            case TYPE_MISMATCH -> "%s is not %s".formatted(value, described(reject.demanded()));
        };
        return new RejectedRecord(place(reject, record, line, title, reject.detail()), reject.code(), column + message);
    }

    private static Place place(
            RecordGate.Reject reject, long record, long line, @Nullable String title, @Nullable String value) {
        return new Place(
                OptionalLong.of(record),
                OptionalLong.of(line),
                OptionalLong.of(reject.place()),
                Optional.ofNullable(title).map(Excerpt::of),
                Optional.ofNullable(value).map(Excerpt::of));
    }

    private static String described(@Nullable ColumnType type) {
        String label = type == null ? "value" : type.label();
        return (label.startsWith("i") ? "an " : "a ") + label;
    }
}
