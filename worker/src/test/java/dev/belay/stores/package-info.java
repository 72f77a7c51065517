@NullMarked
package dev.belay.stores;

import org.jspecify.annotations.NullMarked;
