/// Knows where journal, stash and datastore of an installation are, files of one host or a PostgreSQL database, and
/// opens
/// whichever it is: the only room that knows all implementations.
@NullMarked
package dev.belay.stores;

import org.jspecify.annotations.NullMarked;
