/// Proof that nothing people wrote about their data gets lost.
@NullMarked
package dev.belay.dictionary;

import org.jspecify.annotations.NullMarked;
