package dev.belay.kit;

import java.nio.file.Files;
import java.nio.file.Path;
import org.testcontainers.DockerClientFactory;

/// Whether containers can be had here.
final class Docker {
    private Docker() {}

    /// Testcontainers' own probe takes more than half a second: only where there is a sign of Docker at all.
    static boolean answers() {
        var home = System.getProperty("user.home");
        var sign = System.getenv("DOCKER_HOST") != null
                || Files.exists(Path.of("/var/run/docker.sock"))
                || Files.exists(Path.of(home, ".docker", "run", "docker.sock"))
                || Files.exists(Path.of(home, ".testcontainers.properties"));
        return sign && DockerClientFactory.instance().isDockerAvailable();
    }
}
