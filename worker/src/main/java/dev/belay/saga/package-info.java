/// Runs one attempt from its first stage to its last, or back; every decision is in the journal before it is acted
/// upon. Classifier and recovery.
@NullMarked
package dev.belay.saga;

import org.jspecify.annotations.NullMarked;
