package dev.belay.fault;

import dev.belay.fault.FaultPoint.Side;
import java.io.IOException;

/// The failure of a durable step that a test or a drill has asked for.
public final class InjectedFault extends IOException {
    private static final long serialVersionUID = 1L;

    /// @param point where it happened
    public InjectedFault(FaultPoint point, Side side) {
        super("injected %s %s".formatted(side.name().toLowerCase(java.util.Locale.ROOT), point));
    }
}
