/// Wires everything from settings by constructor: stores, worker, the embedded broker; starts, drains, stops.
@NullMarked
package dev.belay.runtime;

import org.jspecify.annotations.NullMarked;
