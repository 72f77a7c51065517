/// The launcher script, run through `sh` against made-up JDKs and a made-up Maven.
@NullMarked
package dev.belay.launcher;

import org.jspecify.annotations.NullMarked;
