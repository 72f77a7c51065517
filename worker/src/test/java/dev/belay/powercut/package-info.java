/// Takes the power away under a worker, under its broker and under the stores, and looks at what is left.
@NullMarked
package dev.belay.powercut;

import org.jspecify.annotations.NullMarked;
