/// The stash in a PostgreSQL schema, so that workers of any host find it.
@NullMarked
package dev.belay.dictionary.postgres;

import org.jspecify.annotations.NullMarked;
