/// The stages of an attempt, one class each: say beforehand what will be made, make it, remove it.
@NullMarked
package dev.belay.stage;

import org.jspecify.annotations.NullMarked;
