/// Proof that the commands say and do what their help and `docs/commands.md` promise.
@NullMarked
package dev.belay.cli;

import org.jspecify.annotations.NullMarked;
