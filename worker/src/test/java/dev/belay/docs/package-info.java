/// Compares the documents of the repository with its code and with one another.
@NullMarked
package dev.belay.docs;

import org.jspecify.annotations.NullMarked;
