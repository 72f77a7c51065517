/// Finds the rows of a table that say the same as others, exactly and in bounded memory, and leaves them out.
@NullMarked
package dev.belay.dedupe;

import org.jspecify.annotations.NullMarked;
