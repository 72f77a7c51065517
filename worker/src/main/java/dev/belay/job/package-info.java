/// Immutable values every room shares: requests, ids, columns, outcomes, failures. Depends on the JDK only.
@NullMarked
package dev.belay.job;

import org.jspecify.annotations.NullMarked;
