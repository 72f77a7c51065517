/// Numbers as a page of text over HTTP, for what scrapes and probes a worker. Knows nothing of jobs.
@NullMarked
package dev.belay.metrics;

import org.jspecify.annotations.NullMarked;
