/// Writes a fresh SQLite file with one table page by page, in the format that
/// <https://www.sqlite.org/fileformat2.html> documents; begin with [dev.belay.datastore.sqlite.pages.TableFile].
@NullMarked
package dev.belay.datastore.sqlite.pages;

import org.jspecify.annotations.NullMarked;
