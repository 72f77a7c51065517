package dev.belay.runtime.settings;

import java.util.ArrayList;
import java.util.List;

/// A setting's value as someone wrote it.
///
/// @param items the one text, or the items of a list
/// @param list  whether it was written as a list
record Written(List<String> items, boolean list, Origin origin) {
    Written {
        items = List.copyOf(items);
    }

    static Written text(String text, Origin origin) {
        return new Written(List.of(text), false, origin);
    }

    /// Without blanks around it.
    ///
    /// @throws BadValue when it is a list
    String single() throws BadValue {
        return whole().strip();
    }

    /// @throws BadValue when it is a list
    String whole() throws BadValue {
        if (list) {
            throw new BadValue("takes one value, not a list");
        }
        return items.getFirst();
    }

    /// The items of a list; one text is split at its commas, an empty one is an empty list.
    ///
    /// @throws BadValue when an item is empty
    List<String> many() throws BadValue {
        if (!list && items.getFirst().isBlank()) {
            return List.of();
        }
        var found = new ArrayList<String>();
        for (String item : list ? items : List.of(items.getFirst().split(",", -1))) {
            if (item.isBlank()) {
                throw new BadValue("has an empty item in its list");
            }
            found.add(item.strip());
        }
        return found;
    }
}
