package dev.belay.bench;

import java.util.Map;
import java.util.OptionalLong;

/// CPU of the processes of a server that serve our connections, where it runs on this machine.
interface ServerCpu {
    /// No server at all.
    ServerCpu NONE = new ServerCpu() {
        @Override
        public Map<Long, Long> nanos() {
            return Map.of();
        }

        @Override
        public OptionalLong since(Map<Long, Long> before) {
            return OptionalLong.of(0);
        }
    };

    /// By process; those whose CPU cannot be known are left out.
    Map<Long, Long> nanos();

    /// What they have used since, new ones all they have used at all.
    ///
    /// @return empty when it cannot be known
    OptionalLong since(Map<Long, Long> before);
}
