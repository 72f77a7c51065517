/// The journal in a PostgreSQL schema, shared by workers of many hosts.
@NullMarked
package dev.belay.journal.postgres;

import org.jspecify.annotations.NullMarked;
