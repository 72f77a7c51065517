/// The embedded Kafka broker: a real one-node broker in a child process of its own, and the handle that starts and
/// stops it.
@NullMarked
package dev.belay.runtime.broker;

import org.jspecify.annotations.NullMarked;
