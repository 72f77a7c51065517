/// Tests of intake against a real broker.
@NullMarked
package dev.belay.intake;

import org.jspecify.annotations.NullMarked;
