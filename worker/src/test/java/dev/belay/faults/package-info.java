/// One test for each row of the table of faults in `docs/guarantees.md`, over the real stores.
@NullMarked
package dev.belay.faults;

import org.jspecify.annotations.NullMarked;
