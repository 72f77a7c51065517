package dev.belay.datastore.sqlite.pages;

import java.util.Arrays;
import java.util.function.IntConsumer;

/// Places in a page or block where the number of a page goes that is not known yet.
final class PointerList {
    private int[] places = new int[16];
    private int count;

    void add(int place) {
        if (count == places.length) {
            places = Arrays.copyOf(places, 2 * count);
        }
        places[count++] = place;
    }

    void forEach(IntConsumer action) {
        for (int at = 0; at < count; at++) {
            action.accept(places[at]);
        }
    }

    void clear() {
        count = 0;
    }
}
