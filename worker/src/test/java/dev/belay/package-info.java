/// Tests of the program as a whole.
@NullMarked
package dev.belay;

import org.jspecify.annotations.NullMarked;
