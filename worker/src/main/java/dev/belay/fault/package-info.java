/// Names every place where a durable step begins or ends, and lets a test or a drill make something happen just there.
@NullMarked
package dev.belay.fault;

import org.jspecify.annotations.NullMarked;
