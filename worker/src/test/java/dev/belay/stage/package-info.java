/// Stages by themselves.
@NullMarked
package dev.belay.stage;

import org.jspecify.annotations.NullMarked;
