/// Proves the promises on the machine it runs on: real processes, killed and stopped at random, then everything looked
/// at from outside.
@NullMarked
package dev.belay.drill;

import org.jspecify.annotations.NullMarked;
