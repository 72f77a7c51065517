/// A world of several workers that moves only as a seed says, and a model of announcing that is searched
/// through.
@NullMarked
package dev.belay.sim;

import org.jspecify.annotations.NullMarked;
