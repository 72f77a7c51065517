/// The durable log of jobs, attempts, effects, decisions and outgoing events. Written before anything happens.
@NullMarked
package dev.belay.journal;

import org.jspecify.annotations.NullMarked;
