/// The drill itself, on what it must not miss.
@NullMarked
package dev.belay.drill;

import org.jspecify.annotations.NullMarked;
