package dev.belay.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Local files: N31 to N33 of the hostile inputs, changes while reading, and the source's contract.
@Timeout(60)
final class FileSourceTest extends SourceContract {
    @TempDir
    Path root;

    @TempDir
    Path outside;

    private Fixture fixture;

    @BeforeEach
    void openTheRoot() {
        fixture = new Fixture(workspace).roots(root);
    }

    @Override
    Offer offering(byte[] content) throws IOException {
        Path file = Files.write(root.resolve("air.csv"), content);
        return new Offer(
                fixture.source(), file.toString(), root.resolve("missing.csv").toString());
    }

    @Test
    void readsFileUrlsInAllTheirForms() throws Exception {
        Files.writeString(root.resolve("größe 1#%.csv"), "x");
        String path = root + "/gr%C3%B6%C3%9fe%201%23%25.csv";
        for (String url : new String[] {"file:" + path, "file://" + path, "FILE://localhost" + path}) {
            Fetched fetched = fixture.fetch(url);

            assertThat(fetched.fileName()).isEqualTo("größe 1#%.csv");
            Files.delete(fixture.target());
        }
    }

    @Test
    void readsARelativePath() throws Exception {
        Path here = Path.of("").toAbsolutePath();
        Files.writeString(root.resolve("air.csv"), "x");

        fixture.fetch(here.relativize(root.resolve("air.csv")).toString());

        assertThat(fixture.content()).containsExactly('x');
    }

    @Test
    void namesTheMissingFile() {
        JobFailure failed = fixture.fails(
                root.resolve("nope.csv").toString(), Failure.Permanent.class, FailureCode.SOURCE_NOT_FOUND);

        assertThat(failed.failure().message()).contains("nope.csv");
    }

    @Test
    void readsNothingWithoutRoots() throws Exception {
        Files.writeString(root.resolve("air.csv"), "x");

        JobFailure failed =
                fixture.roots().fails(root + "/air.csv", Failure.Permanent.class, FailureCode.SOURCE_FORBIDDEN);

        assertThat(failed.failure().message()).contains("source.roots");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file:///etc/passwd",
                "/etc/passwd",
                "file:///proc/self/environ",
                "file:////host/share",
                "file://host/share",
                "/etc/there-is-no-such-file",
                "file:///%2e%2e/etc/passwd",
                "/dev/zero"
            })
    void refusesFilesOutsideTheRootsWhetherTheyExistOrNot(String url) {
        fixture.fails(url, Failure.Permanent.class, FailureCode.SOURCE_FORBIDDEN);
    }

    @Test
    void refusesToClimbOutOfTheRoot() throws Exception {
        Path secret = Files.writeString(outside.resolve("x.csv"), "x");
        String up = root + "/../"
                + root.relativize(secret).subpath(1, root.relativize(secret).getNameCount());

        fixture.fails(up, Failure.Permanent.class, FailureCode.SOURCE_FORBIDDEN);
        fixture.fails("file://" + up.replace("..", "%2e%2E"), Failure.Permanent.class, FailureCode.SOURCE_FORBIDDEN);
        fixture.fails(root + "/missing/../../x.csv", Failure.Permanent.class, FailureCode.SOURCE_FORBIDDEN);
    }

    @Test
    void refusesLinksThatLeadOut() throws Exception {
        Path target = Files.writeString(outside.resolve("x.csv"), "x");
        Files.createSymbolicLink(root.resolve("link.csv"), target);
        Files.createSymbolicLink(root.resolve("folder"), outside);
        Files.createSymbolicLink(root.resolve("dangling.csv"), outside.resolve("missing.csv"));

        fixture.fails(root + "/link.csv", Failure.Permanent.class, FailureCode.SOURCE_FORBIDDEN);
        fixture.fails(root + "/folder/x.csv", Failure.Permanent.class, FailureCode.SOURCE_FORBIDDEN);
        fixture.fails(root + "/folder/missing.csv", Failure.Permanent.class, FailureCode.SOURCE_FORBIDDEN);
        fixture.fails(root + "/dangling.csv", Failure.Permanent.class, FailureCode.SOURCE_NOT_FOUND);
    }

    @Test
    void followsLinksThatStayInside() throws Exception {
        Files.writeString(root.resolve("air.csv"), "x");
        Files.createSymbolicLink(root.resolve("link.csv"), root.resolve("air.csv"));

        assertThat(fixture.fetch(root + "/link.csv").fileName()).isEqualTo("link.csv");
    }

    @Test
    void acceptsARootThatIsALink() throws Exception {
        Files.writeString(root.resolve("air.csv"), "x");
        Path link = Files.createSymbolicLink(outside.resolve("data"), root);

        assertThat(fixture.roots(link).fetch(link + "/air.csv").length()).isEqualTo(1);
    }

    @Test
    void refusesTheWorkersOwnFolderInsideARoot() throws Exception {
        Path own = Files.createDirectory(root.resolve("belay-data"));
        Files.writeString(own.resolve("catalog.db"), "x");
        Files.createSymbolicLink(root.resolve("innocent.csv"), own.resolve("catalog.db"));
        fixture.forbidden(own, root.resolve("not-made-yet"));

        fixture.fails(own + "/catalog.db", Failure.Permanent.class, FailureCode.SOURCE_FORBIDDEN);
        fixture.fails(root + "/innocent.csv", Failure.Permanent.class, FailureCode.SOURCE_FORBIDDEN);
    }

    @Test
    void refusesAFolder() throws Exception {
        Files.createDirectory(root.resolve("folder.csv"));

        fixture.fails(root + "/folder.csv", Failure.Permanent.class, FailureCode.SOURCE_NOT_REGULAR);
    }

    @Test
    void refusesADevice() {
        assumeTrue(Files.exists(Path.of("/dev/zero")), "there is no /dev/zero");

        fixture.roots(Path.of("/dev")).fails("/dev/zero", Failure.Permanent.class, FailureCode.SOURCE_NOT_REGULAR);
    }

    @Test
    void refusesAPipeWithoutWaitingForItsWriter() throws Exception {
        Path pipe = root.resolve("pipe.csv");
        assumeTrue(madePipe(pipe), "mkfifo is not there");

        fixture.fails(pipe.toString(), Failure.Permanent.class, FailureCode.SOURCE_NOT_REGULAR);
    }

    @Test
    void refusesASocket() throws Exception {
        Path socket = root.resolve("socket");
        try (var listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listener.bind(UnixDomainSocketAddress.of(socket));

            fixture.fails(socket.toString(), Failure.Permanent.class, FailureCode.SOURCE_NOT_REGULAR);
        }
    }

    @Test
    void callsAFileWithoutReadRightUnreadable() throws Exception {
        Path file = Files.writeString(root.resolve("closed.csv"), "x");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        assumeTrue(!Files.isReadable(file), "this user may read everything");

        fixture.fails(file.toString(), Failure.Configuration.class, FailureCode.SOURCE_UNREADABLE);
    }

    @Test
    void takesAsMuchAsTheLimitAndNotAByteMore() throws Exception {
        Files.write(root.resolve("exact.csv"), new byte[100]);
        Files.write(root.resolve("more.csv"), new byte[101]);
        fixture.maxBytes(100);

        JobFailure failed = fixture.fails(root + "/more.csv", Failure.Permanent.class, FailureCode.SOURCE_TOO_LARGE);

        assertThat(failed.failure().message()).contains("101", "100", "limits.sourceBytes");
        assertThat(fixture.fetch(root + "/exact.csv").length()).isEqualTo(100);
    }

    @Test
    void noticesAFileThatGrowsWhileItIsRead() throws Exception {
        Path file = Files.write(root.resolve("grows.csv"), new byte[1000]);

        assertChange(file, () -> Files.write(file, new byte[] {1}, StandardOpenOption.APPEND));
    }

    @Test
    void noticesAFileThatIsReplacedWhileItIsRead() throws Exception {
        Path file = Files.write(root.resolve("moved.csv"), new byte[1000]);

        assertChange(file, () -> {
            Path other = Files.write(root.resolve("other.csv"), new byte[1000]);
            Files.setLastModifiedTime(other, Files.getLastModifiedTime(file));
            Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
        });
    }

    @Test
    void noticesAFileThatIsRemovedWhileItIsRead() throws Exception {
        Path file = Files.write(root.resolve("removed.csv"), new byte[1000]);

        assertChange(file, () -> Files.delete(file));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "  ",
                "a\u0000b",
                "a\nb",
                "file:relative",
                "file:///a%zz",
                "file:///a%ff",
                "file:///a%2Fb",
                "file:///a?b",
                "file:///a#b",
                "file:///a%00b",
                "file:///a\\b"
            })
    void refusesWhatIsNoPlainPath(String url) {
        fixture.fails(url, Failure.Permanent.class, FailureCode.URL_INVALID);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://x/y", "jar:file:/x!/y", "gopher://x", "s3://bucket/x", "data:text/csv,a", "notes:1"})
    void refusesOtherSchemes(String url) {
        JobFailure failed = fixture.fails(url, Failure.Permanent.class, FailureCode.URL_SCHEME);

        assertThat(failed.failure().message()).contains("./");
    }

    private interface Change {
        void happen() throws IOException;
    }

    /// Lets something happen to the file after its bytes were read and before it is looked at again.
    private void assertChange(Path file, Change change) {
        assertThatThrownBy(() -> fixture.source()
                        .fetch(Fixture.job(file.toString()), fixture.target(), (done, total) -> {
                            try {
                                change.happen();
                            } catch (IOException failed) {
                                throw new UncheckedIOException(failed);
                            }
                        }))
                .isInstanceOfSatisfying(JobFailure.class, failed -> {
                    assertThat(failed.failure().code()).isEqualTo(FailureCode.SOURCE_CHANGED);
                    assertThat(failed.failure()).isInstanceOf(Failure.Transient.class);
                });
        assertThat(fixture.target()).doesNotExist();
    }

    private static boolean madePipe(Path pipe) throws InterruptedException {
        try {
            return new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0;
        } catch (IOException absent) {
            return false;
        }
    }
}
