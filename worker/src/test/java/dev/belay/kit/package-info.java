/// What several rooms' tests share: a broker to test against.
@NullMarked
package dev.belay.kit;

import org.jspecify.annotations.NullMarked;
