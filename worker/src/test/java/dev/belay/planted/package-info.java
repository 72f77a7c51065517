/// Bugs planted into the real code one at a time, to see that the tests catch them.
@NullMarked
package dev.belay.planted;

import org.jspecify.annotations.NullMarked;
