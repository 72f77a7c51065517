package dev.belay.saga;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.datastore.Commit;
import dev.belay.datastore.DatasetState;
import dev.belay.datastore.Datastore;
import dev.belay.dictionary.DataDictionary;
import dev.belay.job.ColumnType;
import dev.belay.job.JobFailure;
import dev.belay.job.JobId;
import dev.belay.journal.Attempt;
import dev.belay.journal.OutgoingEvent;
import dev.belay.kit.AtRest;
import dev.belay.kit.TestDatabase;
import dev.belay.kit.TestDatabases;
import dev.belay.runtime.Stores;
import dev.belay.runtime.folder.DataFolder;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.JobMessage.Rules;
import dev.belay.schemas.JobMessage.Source;
import dev.belay.schemas.Mode;
import dev.belay.schemas.PublishStrategy;
import dev.belay.source.FakeSource;
import dev.belay.stores.StorePlaces;
import dev.belay.stores.TestPlaces;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// One long life of a dataset, played over files, over PostgreSQL, and over two databases of it: what is told, decided
/// and served is the same,
/// byte
/// for byte, but for ids, times and what a store says of its own size and place.
@ExtendWith(TestDatabases.class)
final class SameOnPostgresTest {
    private static final Pattern ID = Pattern.compile("01J0000000000000000\\d{7}");
    private static final Pattern EVENT = Pattern.compile("\"id\":\"[0-9a-f-]{36}\"");
    private static final Pattern TIME = Pattern.compile("2026-11-\\d\\dT[0-9:.]+Z");
    private static final Pattern OF_THE_STORE = Pattern.compile("\"(?:file|bytes)\":(?:\"[^\"]*\"|\\d+|null)");
    private static final Pattern TOOK = Pattern.compile("\"stageMillis\":\\{[^}]*}");
    private static final Pattern MILLIS = Pattern.compile(":\\d+");

    private static final String ALL_TYPES = """
            code,yes,count,weight,price,day,at,clock,id,doc,text
            007,true,1,0.5,1.10,2026-01-31,2026-01-31T10:00:00,10:15:00,0f8fad5b-d9cb-469f-a165-70867728950e,{"a":1},plain
            008,false,-2,1e3,2.00,2026-02-28,2026-02-28T23:59:59,23:59:59,7c9e6679-7425-40de-944b-e07fc1f90ae7,{"a": [1, 2]},"käse, \"\"x\"\""
            009,,,,,,,,,,
            010,true,9007199254740993,-0.25,1234567890123456789.0123456789,0001-01-01,1970-01-01T00:00:00,00:00:00,00000000-0000-0000-0000-000000000000,[],🧀
            """;

    @Test
    void isToldDecidedAndServedTheSame(TestDatabase database, @TempDir Path files, @TempDir Path one, @TempDir Path two)
            throws Exception {
        List<String> inFiles = new Life(files, Stores.places(DataFolder.at(files))).played();

        System.out.printf("the same on PostgreSQL: %,d lines compared%n", inFiles.size());
        assertThat(inFiles).hasSizeGreaterThan(300);
        assertSame(inFiles, new Life(one, TestPlaces.in(database, one)).played());
        assertSame(inFiles, new Life(two, TestPlaces.apart(database, two)).played());
    }

    private static void assertSame(List<String> inFiles, List<String> inTables) {
        var different = new ArrayList<String>();
        for (int at = 0; at < Math.min(inFiles.size(), inTables.size()); at++) {
            if (!inTables.get(at).equals(inFiles.get(at))) {
                different.add("%nin files:  %s%nin tables: %s".formatted(inFiles.get(at), inTables.get(at)));
            }
        }
        assertThat(different).isEmpty();
        assertThat(inTables).hasSameSizeAs(inFiles);
    }

    /// The life, and what came of each of its steps.
    private static final class Life {
        private final FakeSource source = new FakeSource();
        private final OnDisk disk;
        private final List<String> lines = new ArrayList<>();
        private int told;
        private int jobs;

        Life(Path folder, StorePlaces places) {
            disk = new OnDisk(folder, places, new JobLog(), source);
        }

        List<String> played() throws Exception {
            loads();
            editsAndDrift();
            failures();
            restores();
            readsThatAreMoreThanRows();
            new AtRest(disk.folder, disk.places).check();
            return lines;
        }

        private void loads() throws Exception {
            job("code,n\n007,1\n008,2\n", replace());
            job("code,n\n007,1\n008,2\n", replace());
            curate(dictionary -> dictionary.withTitle("code", "Station code").withDescription("n", "How many"));
            job("code,n\n007,1\n008,2\n009,3\n", replace());
            job("code,n\n007,1\n", replace().withPublish(PublishStrategy.IN_PLACE));
            job("code,n\n008,5\n009,3\n", replace().withMode(Mode.APPEND, List.of()));
            job("code,n\n008,5\n009,3\n", replace().withMode(Mode.APPEND, List.of()));
            job("code,n\n008,6\n010,1\n010,2\n", replace().withMode(Mode.REPLACE, List.of()));
            job("code,n\n008,7\n011,1\n011,2\n", replace().withMode(Mode.UPSERT, List.of("code")));
            job("code,n\n", replace().withMode(Mode.APPEND, List.of()));
            job("code,n\n", replace());
        }

        private void editsAndDrift() throws Exception {
            job("code,n,new\n007,1,x\n", replace());
            job("code,n\n007,1.25\n008,2\n", replace());
            job("code,n\n007,1\n008,many\n", replace().withMode(Mode.APPEND, List.of()));
            job("n,code\n3,012\n", replace());
            curate(dictionary -> dictionary.withTypeOverride("code", ColumnType.INTEGER));
            job("code,n\n012,3\n", replace());
            job("code,n\nx,3\n", replace());
            curate(dictionary -> dictionary.withoutTypeOverride("code").withTitle("n", "Zahl ß"));
            job("Station code,n\n012,3\n", replace());
        }

        private void failures() throws Exception {
            job("code,n\n007,1\n008\n009\n", replace());
            job("code,n\n007,1\n007,2\n", replace().withMode(Mode.REPLACE, List.of("code")));
            job("code,n\n007,1\n,2\n", replace().withMode(Mode.REPLACE, List.of("code")));
            job(
                    "code,n\n007,1\n007,2\n",
                    replace().withPublish(PublishStrategy.IN_PLACE).withMode(Mode.REPLACE, List.of("code")));
            job("code,n\n007,1\n", replace().withMode(Mode.UPSERT, List.of("missing")));
            job("", replace());
            job("code,n\n007,1\n008,2,3\n", replace().withRules(Rules.DEFAULT.withMaxRejectedRatio(0.5)));
            job("code,n\n007,a@example.org\n", replace().withRules(Rules.DEFAULT.withScreen(Rules.Screen.BLOCK)));
            job("code,n\n007,a@example.org\n", replace().withRules(Rules.DEFAULT.withScreen(Rules.Screen.REPORT)));
        }

        private void restores() throws Exception {
            job("code,n\n020,1\n", replace());
            int now = state().head().orElseThrow().version();
            job("unused", JobMessage.replace("d", Source.version(now - 1)));
            job("unused", JobMessage.replace("d", Source.version(1)));
            job("code,n\n021,1\n", replace().asDryRun());
        }

        private void readsThatAreMoreThanRows() throws Exception {
            job(ALL_TYPES, replace());
            job(ALL_TYPES, replace().withMode(Mode.UPSERT, List.of("code")));
            job(ALL_TYPES.replace("1.10", "1.1"), replace().withMode(Mode.APPEND, List.of()));
            var rows = new StringBuilder("code,n,text\n");
            for (int at = 0; at < 1_000; at++) {
                rows.append("%05d,%d,row %d of many%n".formatted(at % 800, at, at));
            }
            job(rows.toString().replace("\r", ""), replace());
            job(
                    rows.toString().replace("\r", ""),
                    replace()
                            .withRules(Rules.DEFAULT.withDedupe(new Rules.Dedupe(
                                    Rules.Dedupe.By.COLUMNS, List.of("code"), Rules.Dedupe.Keep.LAST))));
        }

        private static JobMessage replace() {
            return JobMessage.replace("d", Source.url("file.csv"));
        }

        private void job(String content, JobMessage message) throws Exception {
            jobs++;
            source.with("file.csv", content.getBytes(StandardCharsets.UTF_8));
            disk.log.send("job-" + jobs, message);
            disk.live();
            lookAt("job-" + jobs);
        }

        private void curate(Rig.Edit edit) throws JobFailure {
            try (OnDisk.Life life = disk.begin("0")) {
                Datastore datastore = life.rooms().datastore();
                DatasetState state = datastore.state(Rig.DATASET);
                DataDictionary edited =
                        edit.of(DataDictionary.parse(state.dictionary().orElseThrow()));
                assertThat(datastore.editDictionary(Rig.DATASET, state.dictionaryRevision(), edited.toDocument()))
                        .isTrue();
            }
        }

        private DatasetState state() {
            try (OnDisk.Life life = disk.begin("0")) {
                return life.rooms().datastore().state(Rig.DATASET);
            }
        }

        private void lookAt(String job) {
            for (OutgoingEvent event : disk.log.events.subList(told, disk.log.events.size())) {
                line(job, "event", event.type() + " " + event.json());
            }
            told = disk.log.events.size();
            try (OnDisk.Life life = disk.begin("0")) {
                for (Attempt attempt : life.rooms().journal().attempts(new JobId(job))) {
                    line(job, "attempt", attempt.number() + " " + attempt.phase() + " " + attempt.counted());
                    line(job, "failure", attempt.failureJson().toString());
                    line(
                            job,
                            "effects",
                            attempt.effects().stream()
                                    .map(effect -> effect.stage() + " " + effect.undone())
                                    .collect(Collectors.joining(", ")));
                }
                Datastore datastore = life.rooms().datastore();
                DatasetState state = datastore.state(Rig.DATASET);
                line(
                        job,
                        "state",
                        "%s revision %d next %d fence %s"
                                .formatted(
                                        state.presence(),
                                        state.dictionaryRevision(),
                                        state.nextVersion(),
                                        state.fence()));
                line(job, "dictionary", state.dictionary().toString());
                state.head().ifPresent(head -> lookAt(job, datastore, head));
                List<Commit> commits = datastore.commits(Rig.DATASET);
                line(
                        job,
                        "kept",
                        commits.stream()
                                .map(commit ->
                                        commit.version() + " " + commit.kind() + " " + datastore.isIntact(commit))
                                .collect(Collectors.joining(", ")));
            }
        }

        private void lookAt(String job, Datastore datastore, Commit head) {
            line(
                    job,
                    "head",
                    "%d %s %d %s %s %s"
                            .formatted(
                                    head.version(),
                                    head.kind(),
                                    head.rows(),
                                    head.columns(),
                                    head.provenance(),
                                    head.profileJson()));
            datastore.preview(head, 10_000).forEach(row -> line(job, "row", shown(head, row)));
        }

        /// A decimal is compared by its value: SQLite, which has no decimals, forgets zeros at its end.
        private static String shown(Commit head, List<?> row) {
            var shown = new ArrayList<String>();
            for (int at = 0; at < row.size(); at++) {
                Object value = row.get(at);
                shown.add(
                        value != null && head.columns().get(at).type() == ColumnType.DECIMAL
                                ? new BigDecimal(value.toString())
                                        .stripTrailingZeros()
                                        .toPlainString()
                                : String.valueOf(value));
            }
            return String.join(" | ", shown);
        }

        private void line(String job, String what, String words) {
            String masked = ID.matcher(words).replaceAll("ID");
            masked = EVENT.matcher(masked).replaceAll("\"id\":\"ID\"");
            masked = TIME.matcher(masked).replaceAll("TIME");
            masked = OF_THE_STORE.matcher(masked).replaceAll("\"of\":\"the store\"");
            masked = TOOK.matcher(masked)
                    .replaceAll(took -> MILLIS.matcher(took.group()).replaceAll(":MILLIS"));
            lines.add(job + " " + what + ": " + masked);
        }
    }
}
