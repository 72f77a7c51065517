package dev.belay.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LauncherTest {
    /// Stands in for `java`: prints where it is and with what it was called; makes the cache it is asked to make.
    private static final String JAVA = """
            #!/bin/sh
            for argument in "$@"; do
              case $argument in -XX:AOTCacheOutput=*) echo cache >"${argument#*=}" ;; esac
            done
            echo "$0 $*"
            """;

    /// Stands in for `mvn`: counts its runs and leaves what a build leaves.
    private static final String MAVEN = """
            #!/bin/sh
            echo run >>"$BUILDS"
            i=0
            while [ $i -lt 100 ]; do i=$((i + 1)); echo "[INFO] Downloaded from somewhere: file $i"; done
            while [ "$1" != -f ]; do shift; done
            home=$(dirname "$2")/worker/target/belay
            rm -rf "$home"
            mkdir -p "$home/lib"
            : >"$home/lib/belay-worker.jar"
            : >"$home/lib/another.jar"
            echo "[INFO] --- maven-compiler-plugin:1:compile (default-compile) @ belay-worker ---"
            """;

    @TempDir
    private Path scratch;

    private Path checkout = Path.of("");
    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void makeACheckoutThatIsNotBuilt() throws IOException {
        checkout = scratch.resolve("a check out");
        for (var file :
                List.of("pom.xml", "schemas/pom.xml", "schemas/src/main/A", "worker/pom.xml", "worker/src/main/B")) {
            var path = checkout.resolve(file);
            Files.createDirectories(path.getParent());
            Files.writeString(path, file);
            Files.setLastModifiedTime(path, FileTime.from(Instant.EPOCH));
        }
        Files.copy(launcher(), checkout.resolve("belay"));
        var programs = Files.createDirectories(scratch.resolve("programs"));
        executable(programs.resolve("mvn"), MAVEN);
        environment.put("PATH", programs + ":" + System.getenv("PATH"));
        environment.put("BUILDS", scratch.resolve("builds").toString());
        environment.put("HOME", scratch.resolve("home").toString());
        environment.put("XDG_CACHE_HOME", scratch.resolve("cache").toString());
        environment.put("JAVA_HOME", jdk("jdk-25", "25.0.3").toString());
    }

    @Test
    void buildsOnceAndRunsTheProgramWithASortedClassPath() throws Exception {
        var first = run("datasets", "list", "with a blank");
        var second = run("datasets");

        assertThat(first.exitCode()).isZero();
        assertThat(first.errors()).contains("belay: first use", "downloaded 100 files", "compiling belay-worker");
        assertThat(first.output()).endsWith("dev.belay.cli.Belay datasets list with a blank\n");
        var lib = checkout.toRealPath().resolve("worker/target/belay/lib");
        assertThat(first.output())
                .contains("-cp " + lib.resolve("another.jar") + ":" + lib.resolve("belay-worker.jar"));
        assertThat(second.errors()).isEmpty();
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void buildsAgainWhenASourceIsNewer() throws Exception {
        run("config");
        var later = Files.getLastModifiedTime(checkout.resolve("worker/target/belay/build-id"))
                .toInstant()
                .plus(Duration.ofSeconds(5));
        Files.setLastModifiedTime(checkout.resolve("schemas/src/main/A"), FileTime.from(later));

        var again = run("config");

        assertThat(again.errors()).contains("have changed");
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void takesTheLockOfALauncherThatDied() throws Exception {
        var died = new ProcessBuilder("true").start();
        assertThat(died.waitFor(1, TimeUnit.MINUTES)).isTrue();
        var target = Files.createDirectories(checkout.resolve("worker/target"));
        Files.createSymbolicLink(target.resolve("belay-build.lock"), Path.of(Long.toString(died.pid())));

        var result = run("config");

        assertThat(result.exitCode()).isZero();
        assertThat(target.resolve("belay-build.lock")).doesNotExist();
    }

    @Test
    void buildsOnceWhenTwoStartAtTheSameTime() throws Exception {
        var one = start("config");
        var other = start("config");

        assertThat(finished(one).exitCode()).isZero();
        assertThat(finished(other).exitCode()).isZero();
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void showsWhereTheStoryOfAFailedBuildIs() throws Exception {
        executable(scratch.resolve("programs/mvn"), "#!/bin/sh\necho '[ERROR] no such thing'\nexit 1\n");

        var result = run("config");

        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.errors()).contains("[ERROR] no such thing", "the build failed", "belay-build.log");
    }

    @Test
    void makesACacheOnceAndUsesIt() throws Exception {
        var first = run("config");
        var second = run("config");

        assertThat(first.errors()).contains("preparing quick starts");
        assertThat(second.errors()).isEmpty();
        assertThat(second.output()).contains("-XX:AOTCache=" + scratch.resolve("cache/belay"));
    }

    @Test
    void runsWithoutACacheWhenTheFolderForItCannotBeMade() throws Exception {
        environment.put(
                "XDG_CACHE_HOME",
                Files.writeString(scratch.resolve("a-file"), "").toString());

        var result = run("config");

        assertThat(result.exitCode()).isZero();
        assertThat(result.output()).contains("dev.belay.cli.Belay config").doesNotContain("AOTCache");
    }

    @Test
    void refusesToBuildWhereItMayNotWriteInsteadOfWaitingForALock() throws Exception {
        var target = Files.createDirectories(checkout.resolve("worker/target"));
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("r-xr-xr-x"));
        assumeFalse(Files.isWritable(target), "root may write everywhere");

        var result = run("config");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.errors()).contains("cannot write " + target.toRealPath());
    }

    @Test
    void makesNoCacheWithoutAFolderOfTheUsersOwn() throws Exception {
        environment.put("XDG_CACHE_HOME", "");
        environment.put("HOME", "");

        var result = run("config");

        assertThat(result.exitCode()).isZero();
        assertThat(result.output()).contains("dev.belay.cli.Belay config").doesNotContain("AOTCache");
    }

    @Test
    void leavesCachesAloneWhenTold() throws Exception {
        environment.put("BELAY_AOT", "off");

        var result = run("config");

        assertThat(result.output()).doesNotContain("AOTCache");
        assertThat(scratch.resolve("cache")).doesNotExist();
    }

    @Test
    void prefersTheJdkItIsTold() throws Exception {
        var told = jdk("told", "26-ea");
        environment.put("BELAY_JAVA_HOME", told.toString());

        assertThat(run("config").output()).startsWith(told + "/bin/java ");
    }

    @Test
    void refusesAJdkItIsToldThatIsTooOld() throws Exception {
        var old = jdk("old", "21.0.4");
        environment.put("BELAY_JAVA_HOME", old.toString());

        var result = run("config");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.errors()).isEqualTo("belay: BELAY_JAVA_HOME is " + old + ", where no JDK 25 or newer is\n");
    }

    @Test
    void passesOverAJavaHomeThatIsTooOld() throws Exception {
        var old = jdk("old", "1.8.0_402");
        var java = jdk("on-path", "25").resolve("bin/java");
        Files.createSymbolicLink(scratch.resolve("programs/java"), java);
        environment.put("JAVA_HOME", old.toString());

        assertThat(run("config").output()).startsWith(java + " ");
    }

    @Test
    void runsFromAnyFolderThroughLinks() throws Exception {
        var links = Files.createDirectories(scratch.resolve("links"));
        Files.createSymbolicLink(links.resolve("one"), Path.of("..", "a check out", "belay"));
        Files.createSymbolicLink(links.resolve("two"), links.resolve("one"));

        var result = finished(start(links.resolve("two"), List.of("config")));

        assertThat(result.output())
                .contains("-Dbelay.home=" + checkout.toRealPath().resolve("worker/target/belay"));
    }

    private record Result(int exitCode, String output, String errors) {}

    private record Running(Process process, Path output, Path errors) {}

    private Result run(String... arguments) throws Exception {
        return finished(start(arguments));
    }

    private Running start(String... arguments) throws IOException {
        return start(checkout.resolve("belay"), List.of(arguments));
    }

    private Running start(Path script, List<String> arguments) throws IOException {
        var output = Files.createTempFile(scratch, "output", "");
        var errors = Files.createTempFile(scratch, "errors", "");
        var command = new ArrayList<>(List.of("sh", script.toString()));
        command.addAll(arguments);
        var builder = new ProcessBuilder(command)
                .directory(scratch.toFile())
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("BELAY_"));
        builder.environment().putAll(environment);
        return new Running(builder.start(), output, errors);
    }

    private static Result finished(Running running) throws Exception {
        assertThat(running.process().waitFor(2, TimeUnit.MINUTES)).isTrue();
        return new Result(
                running.process().exitValue(), Files.readString(running.output()), Files.readString(running.errors()));
    }

    private int builds() throws IOException {
        return Files.readAllLines(scratch.resolve("builds")).size();
    }

    private Path jdk(String name, String version) throws IOException {
        var folder = scratch.resolve(name);
        Files.createDirectories(folder.resolve("bin"));
        Files.writeString(folder.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        executable(folder.resolve("bin/java"), JAVA);
        executable(folder.resolve("bin/javac"), JAVA);
        return folder;
    }

    private static void executable(Path file, String text) throws IOException {
        Files.writeString(file, text, StandardCharsets.UTF_8);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /// The launcher stands at the top of the checkout, one above the module the tests run in.
    private static Path launcher() {
        var here = Path.of("").toAbsolutePath();
        return Files.exists(here.resolve("belay")) ? here.resolve("belay") : here.resolveSibling("belay");
    }
}
