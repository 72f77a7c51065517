/// Says which values look like personal data: by checksums, by form, by patterns of one's own; shows none of
/// them.
@NullMarked
package dev.belay.screen;

import org.jspecify.annotations.NullMarked;
