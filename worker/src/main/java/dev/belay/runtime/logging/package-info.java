/// What the log looks like and where it goes; never to standard output, which carries results.
@NullMarked
package dev.belay.runtime.logging;

import org.jspecify.annotations.NullMarked;
