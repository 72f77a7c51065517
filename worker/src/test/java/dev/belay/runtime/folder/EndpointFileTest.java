package dev.belay.runtime.folder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.job.JobFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointFileTest {
    @TempDir
    private Path folder;

    @Test
    void isReadWhileItsProcessLives() throws JobFailure {
        var endpoint = Endpoint.ofThisProcess("127.0.0.1:9092", Endpoint.Kind.DEV);

        file().write(Endpoint.ofThisProcess("127.0.0.1:1", Endpoint.Kind.RUN));
        file().write(endpoint);

        assertThat(file().living()).contains(endpoint);
        assertThat(folder).isDirectoryNotContaining("glob:**.partial");
    }

    @Test
    void countsForNothingWhenAnotherProcessHasTheIdNow() throws JobFailure {
        var own = Endpoint.ofThisProcess("127.0.0.1:9092", Endpoint.Kind.DEV);
        file().write(new Endpoint(
                own.bootstrapServers(),
                own.kind(),
                own.pid(),
                own.processStarted().minusSeconds(60)));

        assertThat(file().living()).isEmpty();
    }

    @Test
    void countsForNothingWhenItsProcessIsGone() throws Exception {
        var process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(), "-version")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        var started = process.info().startInstant().orElseThrow();
        process.waitFor();

        file().write(new Endpoint("127.0.0.1:9092", Endpoint.Kind.DEV, process.pid(), started));

        assertThat(file().living()).isEmpty();
    }

    @Test
    void removesOnlyItsOwn() throws JobFailure {
        var own = Endpoint.ofThisProcess("127.0.0.1:9092", Endpoint.Kind.RUN);
        var parent = ProcessHandle.current().parent().orElseThrow();
        file().write(new Endpoint(
                "127.0.0.1:1",
                Endpoint.Kind.DEV,
                parent.pid(),
                parent.info().startInstant().orElse(own.processStarted())));

        file().removeOwn();
        assertThat(folder.resolve("endpoint.json")).exists();

        file().write(own);
        file().removeOwn();
        assertThat(folder.resolve("endpoint.json")).doesNotExist();
        file().removeOwn();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{}",
                "{\"bootstrapServers\":\"a:1\",\"kind\":\"dev\",\"pid\":\"x\",\"processStarted\":\"y\"}",
                "{\"bootstrapServers\":\"a:1\",\"kind\":\"other\",\"pid\":1,\"processStarted\":\"2026-01-01T00:00:00Z\"}"
            })
    void countsForNothingWhenItIsNotOurs(String content) throws IOException {
        Files.writeString(folder.resolve("endpoint.json"), content);

        assertThat(file().living()).isEmpty();
    }

    private EndpointFile file() {
        return DataFolder.at(folder).endpoint();
    }
}
