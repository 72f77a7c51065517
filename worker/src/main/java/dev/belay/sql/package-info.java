/// JDBC without its ceremonies: transactions, statements, numbered migrations with a stamp. Knows nothing of jobs but
/// their failures.
@NullMarked
package dev.belay.sql;

import org.jspecify.annotations.NullMarked;
