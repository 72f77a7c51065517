/// Tests of finding duplicate rows.
@NullMarked
package dev.belay.dedupe;

import org.jspecify.annotations.NullMarked;
