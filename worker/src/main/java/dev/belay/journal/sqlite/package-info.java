/// The journal in one SQLite file, shared by all workers of a host.
@NullMarked
package dev.belay.journal.sqlite;

import org.jspecify.annotations.NullMarked;
