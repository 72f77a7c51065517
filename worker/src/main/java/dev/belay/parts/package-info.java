/// The same work for every part of a table, on all cores, with the results in order and memory bounded.
@NullMarked
package dev.belay.parts;

import org.jspecify.annotations.NullMarked;
