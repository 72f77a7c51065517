/// The whole program as its users have it: real worker processes, a real broker, real files, real signals.
@NullMarked
package dev.belay.endtoend;

import org.jspecify.annotations.NullMarked;
