/// Measures loads beside those of other tools on the same machine and files, from outside and in process; takes part in
/// none.
@NullMarked
package dev.belay.bench;

import org.jspecify.annotations.NullMarked;
