/// Readers of tables: bytes in, dialect, types, profile and typed rows out; no I/O of its own and no clock.
@NullMarked
package dev.belay.tabular;

import org.jspecify.annotations.NullMarked;
