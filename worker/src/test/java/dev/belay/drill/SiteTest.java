package dev.belay.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.job.IdSource;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SiteTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void startsNoWorkerThatNobodyWouldEnd() throws Exception {
        var site = new Site(
                new Site.Ground(folder, folder.resolve("data"), "127.0.0.1:1", Map.of()),
                Program.ofThisJvm(System.getProperties(), List.of()),
                IdSource.random(InstantSource.system()));

        site.close();

        assertThatThrownBy(() -> site.start(0)).isInstanceOf(IllegalStateException.class);
        assertThat(site.log(0)).doesNotExist();
    }
}
