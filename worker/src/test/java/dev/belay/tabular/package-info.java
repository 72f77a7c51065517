/// Cases and properties of the readers.
@NullMarked
package dev.belay.tabular;

import org.jspecify.annotations.NullMarked;
