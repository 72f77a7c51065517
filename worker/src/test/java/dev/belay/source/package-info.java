/// Tests of the source room, and the fake that other rooms' story tests fetch from.
@NullMarked
package dev.belay.source;

import org.jspecify.annotations.NullMarked;
