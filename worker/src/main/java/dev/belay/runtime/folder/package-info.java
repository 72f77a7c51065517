/// The data folder: where each thing is, who runs on it, which worker slots are taken.
@NullMarked
package dev.belay.runtime.folder;

import org.jspecify.annotations.NullMarked;
