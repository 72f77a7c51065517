/// Files made durable: fsync of file and folder, atomic replacement, copies, locks between processes.
@NullMarked
package dev.belay.disk;

import org.jspecify.annotations.NullMarked;
