package dev.belay.schemas;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Copies of lists in records that are also made from JSON, where an older or newer writer may leave a list out.
final class Lists {
    private Lists() {}

    static <T> List<T> copy(@Nullable List<T> list) {
        return list == null ? List.of() : List.copyOf(list);
    }
}
