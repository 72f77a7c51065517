@NullMarked
package dev.belay.parts;

import org.jspecify.annotations.NullMarked;
