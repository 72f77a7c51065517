/// Looks whether what is kept in several places still agrees, and mends what has one right answer.
@NullMarked
package dev.belay.upkeep;

import org.jspecify.annotations.NullMarked;
