/// The data dictionary that people curate, the rules by which a load keeps it, and the stash that saves it from
/// destruction.
@NullMarked
package dev.belay.dictionary;

import org.jspecify.annotations.NullMarked;
