/// Tests of the room of the same name.
@NullMarked
package dev.belay.bench;

import org.jspecify.annotations.NullMarked;
