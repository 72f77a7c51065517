/// The saga's stories: what happens to a job, told over in-memory rooms that pass the same contracts as the real
/// ones.
@NullMarked
package dev.belay.saga;

import org.jspecify.annotations.NullMarked;
