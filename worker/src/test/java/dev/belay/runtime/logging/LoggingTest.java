package dev.belay.runtime.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import dev.belay.runtime.settings.Settings;
import dev.belay.runtime.settings.Settings.LogFormat;
import dev.belay.runtime.settings.Settings.LogLevel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LoggingTest {
    private static final String EVIL =
            "a\n10:00:00.000 ERROR Forged line\r\u001b[31mred\u202e\u2028\u0085\ud800 \"q\\ grün 🦆";

    private final LoggerContext context = new LoggerContext();

    LoggingTest() {
        context.setMDCAdapter(new LogbackMDCAdapter());
    }

    @TempDir
    private Path folder;

    @Test
    void writesALineOfTextWithTheJobsContext() {
        String line = text(event(
                "loaded 3 rows",
                null,
                Map.of("attempt", "1", "job", "j-1", "dataset", "air", "operation", "op", "other", "x")));

        assertThat(line)
                .isEqualTo("09:08:07.006 INFO  Loader loaded 3 rows {job=j-1 dataset=air operation=op attempt=1}\n");
    }

    @Test
    void writesNoBracesWithoutAContext() {
        assertThat(text(event("started", null, Map.of()))).isEqualTo("09:08:07.006 INFO  Loader started\n");
    }

    @Test
    void cannotBeForgedByWhatIsLogged() {
        String lines = text(event(EVIL, new IllegalStateException(EVIL, new IOException(EVIL)), Map.of("job", EVIL)));

        assertThat(lines.lines().skip(1)).allSatisfy(line -> assertThat(line).startsWith("\t"));
        assertThat(lines.lines().findFirst().orElseThrow())
                .contains("a\\u000a10:00", "\\u001b[31m", "\\u202e", "\\u2028", "\\u0085", "\\ud800", "grün 🦆");
        assertThat(lines).contains("\tcaused by: java.io.IOException: a\\u000a");
    }

    @Test
    void writesOneJsonObjectALine() {
        String lines = json(event(EVIL, new IllegalStateException(EVIL), Map.of("job", EVIL, "message", "not mine")));

        assertThat(lines).endsWith("}\n");
        assertThat(lines.chars().filter(character -> character == '\n')).hasSize(1);
        JsonNode object = JsonMapper.shared().readTree(lines);
        assertThat(object.propertyNames())
                .containsExactly("time", "level", "logger", "thread", "message", "job", "exception");
        assertThat(object.get("time").stringValue()).isEqualTo("2026-11-21T09:08:07.006Z");
        assertThat(object.get("message").stringValue()).isEqualTo(EVIL);
        assertThat(object.get("job").stringValue()).isEqualTo(EVIL);
        assertThat(object.get("exception").stringValue()).contains("LoggingTest");
    }

    @Test
    void sendsWarningsToTheConsoleAndMoreToTheFile() throws IOException {
        Path file = folder.resolve("50% logs").resolve("belay.log");
        var plan = LogPlan.run(new Settings.Log(LogLevel.INFO, LogFormat.TEXT), file);

        Logging.configure(context, plan);
        context.getLogger("dev.belay.Loader").info("for the file");
        context.getLogger("dev.belay.Loader").debug("for nobody");
        context.getLogger("org.apache.kafka.clients.NetworkClient").error("noise");
        context.getLogger("org.apache.kafka.clients.consumer.KafkaConsumer").info("chatter");
        context.stop();

        assertThat(Files.readString(file)).containsOnlyOnce("\n").contains("INFO  Loader for the file");
        assertThat(file.getParent()).isDirectoryNotContaining("glob:**.1");
    }

    @Test
    void keepsAFewOlderFiles() throws IOException {
        Path file = folder.resolve("belay.log");
        var files = new NumberedFiles(file, 2);

        for (String content : List.of("one", "two", "three")) {
            Files.writeString(file, content);
            files.rollover();
        }

        assertThat(folder.resolve("belay.log.1")).hasContent("three");
        assertThat(folder.resolve("belay.log.2")).hasContent("two");
        assertThat(folder).isDirectoryNotContaining("glob:**.3").isDirectoryNotContaining("glob:**.log");
    }

    @Test
    void keepsTheConsoleAtWarningsForCommandsWhateverTheSettingsSay() {
        Logging.configure(context, LogPlan.command(new Settings.Log(LogLevel.DEBUG, LogFormat.TEXT)));

        assertThat(context.getLogger("dev.belay.Loader").isWarnEnabled()).isTrue();
        assertThat(context.getLogger("dev.belay.Loader").isInfoEnabled()).isFalse();
    }

    @Test
    void saysNothingOnStandardOutput() throws Exception {
        var process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        classPathWithoutTests(),
                        "dev.belay.runtime.logging.LogProbe",
                        Files.writeString(folder.resolve("file"), "not a folder")
                                .toString())
                .start();
        process.getOutputStream().close();
        String errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(errors).isZero();
        assertThat(output).isEmpty();
        assertThat(errors.lines())
                .anySatisfy(line -> assertThat(line).endsWith("WARN  LogProbe before"))
                .anySatisfy(line -> assertThat(line).contains("\"message\":\"after\""))
                .noneSatisfy(line -> assertThat(line).contains("hidden"));
    }

    /// The test resources hold a `logback-test.xml`, before which [LogStart] steps back; the probe is copied.
    private String classPathWithoutTests() throws IOException {
        String separator = System.getProperty("path.separator");
        Path classes = folder.resolve("probe");
        Path probe = classes.resolve(LogProbe.class.getName().replace('.', '/') + ".class");
        Files.createDirectories(probe.getParent());
        try (var bytes = LogProbe.class.getResourceAsStream("LogProbe.class")) {
            Files.write(probe, bytes.readAllBytes());
        }
        String kept = String.join(
                separator,
                Arrays.stream(System.getProperty("java.class.path").split(separator, -1))
                        .filter(entry -> !Files.exists(Path.of(entry).resolve("logback-test.xml")))
                        .toList());
        return classes + separator + kept;
    }

    private String text(LoggingEvent event) {
        var lines = new StringBuilder();
        new TextEncoder("HH:mm:ss.SSS", ZoneOffset.UTC).append(lines, event.getInstant(), event);
        return lines.toString();
    }

    private String json(LoggingEvent event) {
        return new String(new JsonEncoder().encode(event), StandardCharsets.UTF_8);
    }

    private LoggingEvent event(String message, @Nullable Throwable thrown, Map<String, String> logContext) {
        var event = new LoggingEvent(
                "here", context.getLogger("dev.belay.source.Loader"), Level.INFO, message, thrown, null);
        event.setInstant(Instant.parse("2026-11-21T09:08:07.006Z"));
        event.setMDCPropertyMap(logContext);
        return event;
    }
}
