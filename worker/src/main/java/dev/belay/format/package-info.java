/// Makes plain delimited text in UTF-8 of whatever was fetched: unpacks it, decodes it, and writes out the rows of JSON
/// and of workbooks; a file that is plain already is left as it is.
@NullMarked
package dev.belay.format;

import org.jspecify.annotations.NullMarked;
