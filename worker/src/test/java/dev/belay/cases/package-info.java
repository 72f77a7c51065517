/// The corpus: cases of files and what comes of them, as data under `src/test/resources/cases`.
@NullMarked
package dev.belay.cases;

import org.jspecify.annotations.NullMarked;
