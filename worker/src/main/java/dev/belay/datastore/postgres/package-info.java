/// The datastore on PostgreSQL: a table for each version, a view of each dataset for its readers (or the
/// tables of a CKAN site), and a catalog that says what is published.
@NullMarked
package dev.belay.datastore.postgres;

import org.jspecify.annotations.NullMarked;
