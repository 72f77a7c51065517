/// Tests of the pivot: one contract for those that end the attempt too and those that do not.
@NullMarked
package dev.belay.pivot;

import org.jspecify.annotations.NullMarked;
