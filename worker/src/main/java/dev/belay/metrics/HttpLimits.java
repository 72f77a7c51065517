package dev.belay.metrics;

import java.util.Map;

/// Limits of the JDK's HTTP server. They are properties of the whole process, read when its first server is made: so
/// the
/// program sets them, and not who opens a port.
public final class HttpLimits {
    /// Seconds until a request must be there, and until its answer must be gone; lines and bytes of its headers.
    private static final Map<String, String> LIMITS = Map.of(
            "sun.net.httpserver.maxReqTime", "5",
            "sun.net.httpserver.maxRspTime", "10",
            "sun.net.httpserver.maxReqHeaders", "50",
            "sun.net.httpserver.maxReqHeaderSize", "16384",
            "jdk.httpserver.maxConnections", "32");

    private HttpLimits() {}

    /// Sets those that the command line of the process has not set.
    public static void set() {
        LIMITS.forEach((name, limit) -> {
            if (System.getProperty(name) == null) {
                System.setProperty(name, limit);
            }
        });
    }
}
