/// The step before which a job goes back and after which it goes forward: a version becomes the head, and where both
/// stores are of one database its attempt ends with it.
@NullMarked
package dev.belay.pivot;

import org.jspecify.annotations.NullMarked;
