/// Fetches one source, a local file or an http(s) URL, into a workspace file and takes its digest on the way, reaching
/// only what the installation allows; the only room with an HTTP client.
@NullMarked
package dev.belay.source;

import org.jspecify.annotations.NullMarked;
