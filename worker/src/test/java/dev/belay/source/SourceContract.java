package dev.belay.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.JobSource;
import dev.belay.job.Progress;
import dev.belay.job.Sha256;
import dev.belay.job.Unavailable;
import dev.belay.kit.FaultRow;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What every [Source] promises.
abstract class SourceContract {
    private static final byte[] CONTENT = "a,b\n1,2\n".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path workspace;

    /// A source in which the returned URL leads to `content`, under the name `air.csv`.
    abstract Offer offering(byte[] content) throws IOException;

    record Offer(Source source, String url, String missingUrl) {}

    @Test
    void writesTheWholeSourceAndTellsItsLengthDigestAndName() throws Exception {
        Offer offer = offering(CONTENT);

        Fetched fetched = offer.source().fetch(Fixture.job(offer.url()), target(), Progress.SILENT);

        assertThat(target()).hasBinaryContent(CONTENT);
        assertThat(fetched.length()).isEqualTo(CONTENT.length);
        assertThat(fetched.digest()).isEqualTo(Sha256.of(CONTENT));
        assertThat(fetched.fileName()).isEqualTo("air.csv");
        assertThat(fetched.warnings()).isEmpty();
    }

    @Test
    void takesTheDigestOfEveryByteOfALongSource() throws Exception {
        byte[] content = new byte[1_000_001];
        new SplittableRandom(9).nextBytes(content);
        Offer offer = offering(content);

        Fetched fetched = offer.source().fetch(Fixture.job(offer.url()), target(), Progress.SILENT);

        assertThat(fetched.length()).isEqualTo(content.length);
        assertThat(fetched.digest()).isEqualTo(Sha256.of(content));
        assertThat(Files.readAllBytes(target())).isEqualTo(content);
    }

    @Test
    void writesAnEmptySourceAsAnEmptyFile() throws Exception {
        Offer offer = offering(new byte[0]);

        Fetched fetched = offer.source().fetch(Fixture.job(offer.url()), target(), Progress.SILENT);

        assertThat(target()).isEmptyFile();
        assertThat(fetched.digest()).isEqualTo(Sha256.of(new byte[0]));
    }

    @Test
    void reportsProgressUpToTheTotal() throws Exception {
        Offer offer = offering(CONTENT);
        var heard = new ArrayList<String>();

        offer.source().fetch(Fixture.job(offer.url()), target(), (done, total) -> heard.add(done + "/" + total));

        assertThat(heard).isNotEmpty().last().isEqualTo("8/8");
    }

    @Test
    void acceptsTheExpectedDigest() throws Exception {
        Offer offer = offering(CONTENT);

        offer.source().fetch(Fixture.job(offer.url(), Sha256.of(CONTENT)), target(), Progress.SILENT);

        assertThat(target()).hasBinaryContent(CONTENT);
    }

    @Test
    @FaultRow("F1")
    void refusesAnotherDigestAndRemovesTheFile() throws Exception {
        Offer offer = offering(CONTENT);
        JobSource.Url job = Fixture.job(offer.url(), Sha256.of(new byte[] {1}));

        JobFailure failed = new Fixture(workspace)
                .fails(offer.source(), job, Failure.Permanent.class, FailureCode.SOURCE_DIGEST_MISMATCH);

        assertThat(failed.failure().message())
                .contains(Sha256.of(CONTENT).hex(), job.sha256().orElseThrow().hex());
        assertThat(workspace).isEmptyDirectory();
    }

    @Test
    void refusesAMissingSourceAsPermanent() throws Exception {
        Offer offer = offering(CONTENT);

        JobFailure failed = catchThrowableOfType(
                JobFailure.class,
                () -> offer.source().fetch(Fixture.job(offer.missingUrl()), target(), Progress.SILENT));

        assertThat(failed.failure().kind()).isEqualTo("Permanent");
        assertThat(workspace).isEmptyDirectory();
    }

    @Test
    void neverOverwritesAnExistingFile() throws Exception {
        Offer offer = offering(CONTENT);
        Files.writeString(target(), "another's");

        assertThatThrownBy(() -> offer.source().fetch(Fixture.job(offer.url()), target(), Progress.SILENT))
                .isInstanceOf(IllegalArgumentException.class);

        assertThat(target()).hasContent("another's");
    }

    @Test
    void callsAWorkspaceThatCannotBeWrittenUnavailable() throws Exception {
        Offer offer = offering(CONTENT);
        Path elsewhere = workspace.resolve("missing-folder").resolve("fetched.part");

        assertThatThrownBy(() -> offer.source().fetch(Fixture.job(offer.url()), elsewhere, Progress.SILENT))
                .isInstanceOf(Unavailable.class);
    }

    @Test
    void endsWhenItsThreadIsInterrupted() throws Exception {
        Offer offer = offering(CONTENT);
        Optional<JobFailure> failed;

        Thread.currentThread().interrupt();
        try {
            failed = Optional.ofNullable(catchThrowableOfType(
                    JobFailure.class, () -> offer.source().fetch(Fixture.job(offer.url()), target(), Progress.SILENT)));
        } finally {
            assertThat(Thread.interrupted()).as("still interrupted").isTrue();
        }

        assertThat(failed)
                .hasValueSatisfying(known -> assertThat(known.failure().code()).isEqualTo(FailureCode.WORKER_STOPPED));
        assertThat(workspace).isEmptyDirectory();
    }

    private Path target() {
        return workspace.resolve("fetched.part");
    }
}
