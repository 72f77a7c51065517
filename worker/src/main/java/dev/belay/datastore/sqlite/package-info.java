/// The datastore on SQLite: one immutable file for each version, and a catalog that says which of them is published.
@NullMarked
package dev.belay.datastore.sqlite;

import org.jspecify.annotations.NullMarked;
