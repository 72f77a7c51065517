/// The journal in tables, whatever database they are in: one set of statements, with a dialect for what differs.
@NullMarked
package dev.belay.journal.sql;

import org.jspecify.annotations.NullMarked;
