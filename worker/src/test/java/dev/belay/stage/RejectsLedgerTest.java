package dev.belay.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.job.JobId;
import dev.belay.job.Progress;
import dev.belay.job.ReadOptions;
import dev.belay.tabular.DelimitedReader;
import dev.belay.tabular.ReadLimits;
import dev.belay.tabular.TableProfile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RejectsLedgerTest {
    private static final JobId JOB = new JobId("j1");

    @TempDir
    private Path folder = Path.of("");

    @Test
    void keepsEveryRecordWithItsBytesAndTellsOfTheFirstOnly() throws Exception {
        TableProfile told = ledger(10, 1 << 20).keep(JOB, source(), profile());

        assertThat(told.rejects()).hasSize(1);
        assertThat(told.rejected()).isEqualTo(3);
        assertThat(told.warnings()).isEmpty();
        assertThat(RejectsLedger.file(folder.resolve("rejects"), JOB)).hasContent("""
                        record,line,byte,column,code,message,raw
                        "1","2","4","","FIELD_COUNT","record 1 (line 2) has 1 field, the header has 2","1"
                        "3","4","10","","FIELD_COUNT","record 3 (line 4) has 3 fields, the header has 2","a,""b
                        c"",d"
                        "4","6","20","","FIELD_COUNT","record 4 (line 6) has 1 field, the header has 2","9"
                        """);
    }

    @Test
    void saysSoWhereSomeAreNotKept() throws Exception {
        assertThat(ledger(2, 1 << 20).keep(JOB, source(), profile()).warnings())
                .hasSize(1)
                .first()
                .asString()
                .startsWith("2 of 3 rejected records are kept");
        assertThat(ledger(10, 150).keep(JOB, source(), profile()).warnings())
                .first()
                .asString()
                .startsWith("1 of 3 rejected records are kept");
    }

    @Test
    void forgetsOldFilesAndThatOfAnEarlierAttemptWhenNothingIsRejectedAnyMore() throws Exception {
        RejectsLedger ledger = ledger(10, 1 << 20);
        ledger.keep(JOB, source(), profile());
        Path file = RejectsLedger.file(folder.resolve("rejects"), JOB);

        assertThat(ledger.forget(Instant.EPOCH)).isZero();
        assertThat(file).exists();
        Path clean = Files.writeString(folder.resolve("clean.csv"), "a,b\n1,2\n");
        ledger.keep(JOB, clean, profile(clean));
        assertThat(file).doesNotExist();
        ledger.keep(JOB, source(), profile());
        assertThat(ledger.forget(Instant.parse("2999-01-01T00:00:00Z"))).isEqualTo(1);
    }

    private RejectsLedger ledger(int kept, long bytes) {
        return new RejectsLedger(folder.resolve("rejects"), new RejectsLedger.Limits(kept, bytes, 1));
    }

    private Path source() throws Exception {
        return Files.writeString(folder.resolve("torn.csv"), "a,b\n1\n2,3\na,\"b\nc\",d\n9\n");
    }

    private TableProfile profile() throws Exception {
        return profile(source());
    }

    private static TableProfile profile(Path file) throws Exception {
        var examine = new Examine(DelimitedReader.alone(ReadLimits.DEFAULTS));
        return examine.profile(
                file, examine.detect(file, ReadOptions.DETECT), Map.of(), new Watch(Progress.SILENT, () -> false));
    }
}
