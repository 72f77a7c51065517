/// Published data and what is staged to become it: head, history, versions, fence and the live dictionary, behind one
/// port.
@NullMarked
package dev.belay.datastore;

import org.jspecify.annotations.NullMarked;
