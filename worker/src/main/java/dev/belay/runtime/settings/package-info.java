/// The one typed tree of settings: where each value may come from, what it may be, and what it is now.
@NullMarked
package dev.belay.runtime.settings;

import org.jspecify.annotations.NullMarked;
