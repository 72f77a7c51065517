package dev.belay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.runtime.folder.Endpoint;
import dev.belay.runtime.settings.SettingsInputs;
import dev.belay.runtime.settings.SettingsReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.apache.poi.hssf.usermodel.HSSFSheet;
import org.apache.poi.hssf.usermodel.HSSFWorkbook;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Commands against a running `belay dev`, wherever its stores are: each test has a dataset of its own.
@TestInstance(Lifecycle.PER_CLASS)
abstract class CommandsContract {
    @TempDir
    private static Path scratch = Path.of("");

    private Path data = Path.of("");
    private @Nullable LocalStation station;

    @BeforeAll
    void startsDev() throws Exception {
        data = scratch.resolve("data");
        var flags = new TreeMap<>(stores());
        flags.put("data", data.toString());
        flags.put("retry.delays", "100ms,100ms,100ms");
        var inputs = new SettingsInputs(Path.of(""), null, Map.of(), flags);
        station = LocalStation.start(
                SettingsReader.read(inputs).settings(), Endpoint.Kind.DEV, List.of(scratch.toRealPath(), scratch));
    }

    @AfterAll
    void stopsDev() {
        if (station != null) {
            station.close();
        }
    }

    Path data() {
        return data;
    }

    /// The settings that say where journal and datastore are.
    abstract Map<String, String> stores();

    /// Puts a copy into the stash that is not one.
    ///
    /// @return whether it still stands where it was put
    abstract BooleanSupplier damagedCopy(Path data, String dataset, String operation) throws Exception;

    @Test
    void loadsSkipsAndTellsTheHistory() throws Exception {
        Path file = file("history.csv", "id,name\n1,one\n2,two\n");

        Transcript first = belay("run", file.toString(), "--json");
        Transcript again = belay("run", file.toString());
        Files.writeString(file, "id,name\n1,one\n2,two\n3,three\n");
        belay("run", file.toString());
        Transcript history = belay("datasets", "history", "history", "--json");
        Transcript list = belay("datasets", "list", "--json");
        Transcript shown = belay("datasets", "show", "history");

        assertThat(first.json().path("outcome").asString()).isEqualTo("completed");
        assertThat(again.code()).isZero();
        assertThat(again.out()).contains("skipped history: unchanged; version 1 (2 rows) is what this file gives");
        assertThat(history.json().size()).isEqualTo(2);
        assertThat(history.json().get(0).path("version").asInt()).isEqualTo(2);
        assertThat(history.json().get(1).path("kept").asBoolean()).isTrue();
        assertThat(named(list.json(), "dataset", "history").path("rows").asInt())
                .isEqualTo(3);
        assertThat(shown.out()).contains("version 2, 3 rows", "integer", "three", "belay dictionary show history");
    }

    @Test
    void loadsEachSheetOfAWorkbookIntoADatasetOfItsOwn() throws Exception {
        Path file = scratch.resolve("Book.xls");
        try (var book = new HSSFWorkbook();
                var out = Files.newOutputStream(file)) {
            for (String name : List.of("Orders & more", "orders  more", "empty", "2", "\u5317\u4eac", "hidden")) {
                HSSFSheet sheet = book.createSheet(name);
                for (int row = 0; row < 3 && !name.equals("empty"); row++) {
                    sheet.createRow(row).createCell(0).setCellValue(row == 0 ? "title" : name);
                }
            }
            book.setSheetHidden(5, true);
            book.write(out);
        }

        Transcript loaded = belay("run", file.toString(), "--each-sheet");
        Transcript list = belay("datasets", "list", "--json");

        assertThat(loaded.code()).as(loaded.err()).isZero();
        for (String dataset : List.of("book-orders-more", "book-orders-more-2", "book-2", "book-sheet-4")) {
            assertThat(named(list.json(), "dataset", dataset).path("rows").asInt())
                    .isEqualTo(2);
        }
        assertThat(list.out()).doesNotContain("book-hidden", "book-empty");
        assertThat(belay("datasets", "show", "book-orders-more-2").out()).contains("orders  more");
    }

    @Test
    void looksForSheetsInLocalWorkbooksOnly() throws Exception {
        Path file = file("no-book.csv", "a\n1\n");

        Transcript noBook = belay("run", file.toString(), "--each-sheet");
        Transcript elsewhere = belay("submit", "https://example.com/book.xlsx", "--each-sheet");
        Transcript both = belay("submit", file.toString(), "--each-sheet", "--sheet", "1");
        Transcript missing = belay("run", scratch.resolve("missing.xlsx").toString(), "--each-sheet");

        assertThat(noBook.code()).isEqualTo(ExitCode.USAGE);
        assertThat(noBook.err()).contains("JOB_INVALID", "no-book.csv is no workbook");
        assertThat(elsewhere.err()).contains("JOB_INVALID", "--sheet");
        assertThat(both.err()).contains("JOB_INVALID", "not both");
        assertThat(missing.err()).contains("SOURCE_NOT_FOUND", "missing.xlsx");
    }

    @Test
    void restoresAnEarlierVersion() throws Exception {
        Path file = file("restored.csv", "a\n1\n");
        belay("run", file.toString());
        Files.writeString(file, "a\n1\n2\n");
        belay("run", file.toString());

        Transcript restored = belay("datasets", "restore", "restored", "1");
        Transcript missing = belay("datasets", "restore", "restored", "7");

        assertThat(restored.code()).as(restored.err()).isZero();
        assertThat(restored.out()).contains("version 3, 1 row, restored from version 1");
        assertThat(missing.code()).isEqualTo(ExitCode.USAGE);
        assertThat(missing.err()).contains("VERSION_NOT_FOUND", "version 7 of restored");
    }

    @Test
    void keepsWhatIsWrittenAboutAColumn() throws Exception {
        Path file = file("curated.csv", "code,value\n1,2\n");
        belay("run", file.toString());

        Transcript set = belay("dictionary", "set", "curated", "code", "--type", "text", "--title", "Code");
        Transcript unknown = belay("dictionary", "set", "curated", "cod", "--title", "x");
        Transcript loaded = belay("run", file.toString(), "--json");
        Transcript shown = belay("dictionary", "show", "curated", "--json");

        assertThat(set.out())
                .contains("code: title \"code\" → \"Code\"", "code: type \"integer, as found\" → \"text, wanted\"")
                .contains("the next load applies the type");
        assertThat(unknown.code()).isEqualTo(ExitCode.USAGE);
        assertThat(unknown.err()).contains("COLUMN_NOT_FOUND");
        assertThat(loaded.json().path("outcome").asString()).isEqualTo("completed");
        assertThat(loaded.json().path("dictionary").path("applied").asInt()).isEqualTo(1);
        assertThat(named(shown.json().path("fields"), "name", "code")
                        .path("title")
                        .asString())
                .isEqualTo("Code");
    }

    @Test
    void exportsAndImportsADictionary() throws Exception {
        belay("run", file("exported.csv", "code\n1\n").toString());
        Path schema = scratch.resolve("schema.json");

        Transcript exported = belay("dictionary", "export", "exported", schema.toString());
        Transcript refused = belay("dictionary", "export", "exported", schema.toString());
        Files.writeString(schema, Files.readString(schema).replace("\"title\" : \"code\"", "\"title\" : \"Code\""));
        Transcript tried = belay("dictionary", "import", "exported", schema.toString(), "--dry-run");
        Transcript before = belay("dictionary", "show", "exported", "--json");
        Transcript imported = belay("dictionary", "import", "exported", schema.toString());
        Transcript forced = belay("dictionary", "export", "exported", schema.toString(), "--force");

        assertThat(exported.code()).isZero();
        assertThat(refused.code()).isEqualTo(ExitCode.USAGE);
        assertThat(refused.err()).contains("there already", "--force");
        assertThat(tried.out()).contains("code: title \"code\" → \"Code\"");
        assertThat(before.out()).doesNotContain("Code");
        assertThat(imported.out()).isEqualTo(tried.out());
        assertThat(forced.code()).isZero();
        assertThat(Files.readString(schema)).contains("Code");
    }

    @Test
    void drawsAFailureAndProducesItAgain() throws Exception {
        Path file = file("failing.csv", "a,b\n1,2\n");
        belay("run", file.toString());
        Files.writeString(file, "a,b\n1\n2\n3,4,5\n");
        Transcript failed = belay("run", file.toString(), "--attempts", "2", "--json");
        String job = failed.json().path("jobId").asString();

        Transcript list = belay("jobs", "list", "--failed", "--dataset", "failing", "--json");
        Transcript shown = belay("jobs", "show", job.substring(0, 13));
        Transcript json = belay("jobs", "show", job, "--json");
        Transcript watched = belay("jobs", "watch", job);
        Files.writeString(file, "a,b\n1,2\n3,4\n");
        Transcript again = belay("jobs", "retry", job);
        Transcript completed = belay("jobs", "retry", job + ":2");

        assertThat(failed.code()).isEqualTo(ExitCode.JOB_FAILED);
        assertThat(list.json().size()).isEqualTo(1);
        assertThat(list.json().get(0).path("state").asString()).isEqualTo("failed");
        assertThat(shown.out())
                .contains("├─ attempt 1", "└─ attempt 2", "go back: TOO_MANY_REJECTED", "undo fetch")
                .contains(
                        "served    version 1 with 1 row, as before",
                        "--max-rejected-ratio R",
                        "belay jobs retry " + job);
        assertThat(json.json().path("timeline").size()).isEqualTo(2);
        assertThat(json.json().path("receipt").path("outcome").asString()).isEqualTo("failed");
        assertThat(watched.code()).isEqualTo(ExitCode.JOB_FAILED);
        assertThat(again.code()).as(again.err()).isZero();
        assertThat(again.err()).contains(job + " is produced again as " + job + ":2");
        assertThat(again.out()).contains("version 2, 2 rows");
        assertThat(completed.code()).isEqualTo(ExitCode.USAGE);
        assertThat(completed.err()).contains("has not failed, it is completed");
    }

    @Test
    void saysWhatAJobWouldDoAndTouchesNothing() throws Exception {
        Path file = file("planned.csv", "id,zip\n1,01234\n2,00501\n");

        Transcript dry = belay("run", file.toString(), "--dry-run");
        Transcript list = belay("datasets", "list");
        Transcript loaded = belay("run", file.toString(), "--json");

        assertThat(dry.code()).isZero();
        assertThat(dry.out())
                .contains("dry run of planned: 2 rows of 2 records would be loaded", "nothing was touched")
                .containsPattern("zip +text +zip +not integer: record 1, line 2: \"01234\"")
                .contains("served    nothing: planned was never published");
        assertThat(list.out()).doesNotContain("planned");
        assertThat(loaded.json().path("version").asInt()).isEqualTo(1);
    }

    @Test
    void leavesOutDuplicatesAndSaysWhich() throws Exception {
        Path file = file("twice.csv", "id,name\n1,one\n2,two\n1,one\n2,zwei\n");

        Transcript dry = belay("run", file.toString(), "--dedupe", "record", "--dry-run");
        Transcript loaded = belay("run", file.toString(), "--dedupe", "record");
        Transcript keyed = belay("run", file.toString(), "--dedupe-by", "id", "--dedupe-keep", "last", "--json");
        Transcript shown = belay("jobs", "show", keyed.json().path("jobId").asString());
        Transcript both = belay("run", file.toString(), "--dedupe", "record", "--dedupe-by", "id");
        Transcript neither = belay("run", file.toString(), "--dedupe-keep", "last");
        Transcript keyless = belay("run", file.toString(), "--dedupe", "key");

        assertThat(dry.out()).contains("dry run of twice: 3 rows of 4 records would be loaded, 1 deduplicated");
        assertThat(loaded.out())
                .contains("version 1, 3 rows, 1 deduplicated")
                .contains("left out: record 3 (line 4) is the same as record 1 (line 2)");
        assertThat(keyed.json().path("rows").asInt()).isEqualTo(2);
        assertThat(keyed.json().path("deduplicated").asInt()).isEqualTo(2);
        assertThat(keyed.json().path("duplicates").path(1).path("keptRow").asInt())
                .isEqualTo(4);
        assertThat(shown.out())
                .contains("version 2, 2 rows, 2 deduplicated", "left out: record 1 (line 2) is the same as");
        assertThat(both.err()).contains("either --dedupe or --dedupe-by");
        assertThat(neither.err()).contains("--dedupe-keep goes with --dedupe or --dedupe-by");
        assertThat(keyless.err()).contains("/key: must name the key columns, because rules.dedupe is by \"key\"");
    }

    @Test
    void showsRejectedRecordsAndLoadsTheMendedOnes() throws Exception {
        Path file = file("torn.csv", "id,name\n1,one\n2,two,\"too\nmuch\"\n3,three\n4\n");
        Path mended = file("mended.csv", "id,name\n2,two\n4\n");
        Path tooMany = file("too-many.csv", "id,name\n2,two\n4,four\n5,five\n");
        String job = belay("run", file.toString(), "--max-rejected-ratio", "0.6", "--json")
                .json()
                .path("jobId")
                .asString();

        Transcript shown = belay("rejects", job);
        Transcript csv = belay("rejects", job, "--csv");
        JsonNode list = belay("rejects", job, "--json").json();
        Transcript refused = belay("rejects", job, "--fix", tooMany.toString());
        Transcript refusedAgain = belay("rejects", job, "--fix", tooMany.toString());
        Transcript fixed = belay("rejects", job, "--fix", mended.toString(), "--json");
        Transcript again = belay("rejects", job, "--fix", mended.toString());

        assertThat(shown.out()).contains("FIELD_COUNT");
        assertThat(csv.out())
                .startsWith("record,line,byte,column,code,message,raw\n")
                .contains("\"2,two,\"\"too\nmuch\"\"\"\n");
        assertThat(list.size()).isEqualTo(2);
        assertThat(list.path(0).path("line").asInt()).isEqualTo(3);
        assertThat(list.path(0).path("byte").asInt()).isEqualTo(14);
        assertThat(list.path(0).path("raw").asString()).isEqualTo("2,two,\"too\nmuch\"");
        assertThat(list.path(1).path("raw").asString()).isEqualTo("4");
        assertThat(refused.err()).contains("holds 3 records, but job " + job + " rejected 2");
        assertThat(refusedAgain.err()).isEqualTo(refused.err());
        assertThat(fixed.json().path("fixed").asInt()).isEqualTo(1);
        assertThat(fixed.json().path("stillRejected").asInt()).isEqualTo(1);
        assertThat(fixed.json().path("version").asInt()).isEqualTo(2);
        assertThat(again.err()).contains("was given to job");
    }

    @Test
    void mendedRecordsObeyTheRuleOfTheJobThatValuesMustFit() throws Exception {
        Path file = file("strict.csv", "id,n\n1,1\n2,2,2\n");
        belay("run", file("strict.first.csv", "id,n\n1,1\n").toString(), "--dataset", "strict");
        belay("dictionary", "set", "strict", "n", "--type", "integer");
        String job = belay(
                        "run",
                        file.toString(),
                        "--dataset",
                        "strict",
                        "--max-rejected-ratio",
                        "0.6",
                        "--override-policy",
                        "fail",
                        "--json")
                .json()
                .path("jobId")
                .asString();

        Transcript wrong = belay(
                "rejects",
                job,
                "--fix",
                file("strict.wrong.csv", "id,n\n2,two\n").toString());
        Transcript right = belay(
                "rejects", job, "--fix", file("strict.right.csv", "id,n\n2,2\n").toString());

        assertThat(wrong.out() + wrong.err()).contains("TYPE_OVERRIDE_VIOLATED", "record 1 (line 2) \"two\"");
        assertThat(right.out()).contains("1 rejected = 1 fixed + 0 still rejected");
    }

    @Test
    void keepsTheRejectedRecordsOfAJobThatFailed() throws Exception {
        Path file = file("failed.csv", "id,name\n1\n2\n3,three\n");
        String job =
                belay("run", file.toString(), "--json").json().path("jobId").asString();

        JsonNode list = belay("rejects", job, "--json").json();
        Transcript fix = belay("rejects", job, "--fix", file.toString());

        assertThat(list.size()).isEqualTo(2);
        assertThat(fix.err()).contains("is failed with", "belay jobs retry " + job);
    }

    @Test
    void saysWhyAColumnHasItsType() throws Exception {
        Path file = file("why.v1.csv", "id,when,mixed\n1,03/04/2024,5\n2,05/06/2024,x\n");
        belay("run", file.toString(), "--dataset", "why.v1");

        Transcript mixed = belay("why", "why.v1.mixed", "--json");
        Transcript when = belay("why", "why.v1.when");
        Transcript id = belay("why", "why.v1.id");
        Transcript none = belay("why", "why.v1.nothing");

        assertThat(mixed.json().path("type").asString()).isEqualTo("text");
        JsonNode integer = named(mixed.json().path("ruledOut"), "type", "integer");
        assertThat(integer.path("examples").path(0).path("record").asInt()).isEqualTo(2);
        assertThat(integer.path("examples").path(0).path("value").asString()).isEqualTo("x");
        assertThat(when.out()).contains("record 1, line 2, byte 16: \"03/04/2024\"", "which number is the day");
        assertThat(id.out()).contains("why.v1.id is integer in version 1", "each of its 2 values is one");
        assertThat(none.code()).isEqualTo(ExitCode.USAGE);
        assertThat(none.err()).contains("COLUMN_NOT_FOUND", "id, when, mixed");
    }

    @Test
    void drawsTheProfileOfAVersion() throws Exception {
        Path file = file("drawn.csv", "lat,lon,day,name\n46.5,7.25,2026-01-05,a\n47.5,8.5,2026-02-01,\n");
        belay("run", file.toString());

        Transcript drawn = belay("datasets", "profile", "drawn");
        Transcript one = belay("datasets", "profile", "drawn", "--column", "lat");
        Transcript json = belay("datasets", "profile", "drawn", "--json");
        Transcript missing = belay("datasets", "profile", "drawn", "--version", "7");

        assertThat(drawn.out())
                .contains("drawn version 1, 2 rows", "from 46.50000, 7.25000 (south-west) to 47.50000, 8.50000")
                .contains("times     from 2026-01-05 to 2026-02-01")
                .containsPattern("name +text +1 +████ ");
        assertThat(one.out()).contains("mean       47.0", "every value once");
        assertThat(json.json().path("box").path("north").asDouble()).isEqualTo(47.5);
        JsonNode name = named(json.json().path("columns"), "field", "name");
        assertThat(name.path("nullCount").asInt()).isEqualTo(1);
        assertThat(name.path("nullcount").asInt()).isEqualTo(1);
        assertThat(name.path("cardinality").asInt()).isEqualTo(1);
        assertThat(missing.err()).contains("VERSION_NOT_FOUND");
    }

    @Test
    void doesNotClaimADictionaryWhereNothingWasPublished() throws Exception {
        Transcript failed = belay("run", file("never.csv", "").toString());

        assertThat(failed.code()).isEqualTo(ExitCode.JOB_FAILED);
        assertThat(failed.out()).contains("never was never published").doesNotContain("dictionary");
    }

    @Test
    void runsAJobFile() throws Exception {
        Path csv = file("by-message.csv", "a\n1\n");
        Path job = file("job.json", "{\"dataset\":\"by-message\",\"source\":{\"url\":\"%s\"}}".formatted(csv));
        Path broken = file("broken.json", "{\"dataset\":\"x\",\"sauce\":1}");

        Transcript loaded = belay("run", "--job", job.toString());
        Transcript submitted = belay("submit", "--job", job.toString(), "--json");
        Transcript watched =
                belay("jobs", "watch", submitted.json().path("jobId").asString(), "--json");
        Transcript refused = belay("run", "--job", broken.toString());

        assertThat(loaded.code()).as(loaded.err()).isZero();
        assertThat(watched.json().path("outcome").asString()).isEqualTo("skipped");
        assertThat(refused.code()).isEqualTo(ExitCode.USAGE);
        assertThat(refused.err()).contains("/sauce");
    }

    @Test
    void heedsADryRunBesideAJobFileAndNoOtherOption() throws Exception {
        Path csv = file("tried.csv", "a\n1\n");
        Path job = file("tried.json", "{\"dataset\":\"tried\",\"source\":{\"url\":\"%s\"}}".formatted(csv));

        Transcript tried = belay("run", "--job", job.toString(), "--dry-run", "--json");
        Transcript refused = belay("run", "--job", job.toString(), "--mode", "append", "--key=a");

        assertThat(tried.json().path("reason").asString()).isEqualTo("dry_run");
        assertThat(refused.code()).isEqualTo(ExitCode.USAGE);
        assertThat(refused.err()).contains("JOB_INVALID", "--mode, --key");
    }

    @Test
    void findsTheInstallationInOrder() throws Exception {
        belay("run", file("healthy.csv", "a\n1\n").toString());

        Transcript topics = belay("topics", "check");
        Transcript made = belay("topics", "create");
        Transcript doctor = belay("doctor", "--json");

        assertThat(topics.code()).as(topics.out()).isZero();
        assertThat(made.err()).contains("nothing was made");
        assertThat(doctor.json())
                .filteredOn(
                        finding -> finding.path("what").asString().matches("java|catalog|datasets|kafka|topics|stash"))
                .hasSize(6)
                .allSatisfy(
                        finding -> assertThat(finding.path("mark").asString()).isEqualTo("ok"));
    }

    @Test
    void showsEverySettingWithItsOrigin() {
        Transcript config = belay("config", "--json");

        assertThat(named(config.json(), "key", "data").path("from").asString()).isEqualTo("command line");
    }

    @Test
    void showsAndResolvesADamagedCopyInTheStash() throws Exception {
        BooleanSupplier copy = damagedCopy(data, "damaged", "01J00000000000000000000000");

        Transcript list = belay("stash", "list", "damaged", "--json");
        boolean stillThere = copy.getAsBoolean();
        Transcript doctor = belay("doctor");
        Transcript asked = belay("stash", "resolve", "damaged");
        Transcript resolved = belay("stash", "resolve", "damaged", "--confirm");
        Transcript after = belay("stash", "list", "damaged");

        assertThat(list.json().get(0).path("state").asString()).isEqualTo("corrupt");
        assertThat(stillThere).isTrue();
        assertThat(doctor.code()).isEqualTo(ExitCode.NEEDS_DECISION);
        assertThat(doctor.out()).contains("belay stash show damaged");
        assertThat(asked.code()).isEqualTo(ExitCode.NEEDS_DECISION);
        assertThat(resolved.code()).isZero();
        assertThat(resolved.out()).contains("resolved");
        assertThat(after.err()).contains("the stash is empty");
    }

    Transcript belay(String... words) {
        var all = new ArrayList<>(List.of(words));
        stores().forEach((key, value) -> all.addAll(List.of("--set", key + "=" + value)));
        return Transcript.of(data, all.toArray(String[]::new));
    }

    static Path file(String name, String content) throws Exception {
        return Files.write(scratch.resolve(name), content.getBytes(StandardCharsets.UTF_8));
    }

    static JsonNode named(JsonNode array, String key, String value) {
        for (JsonNode node : array) {
            if (node.path(key).asString("").equals(value)) {
                return node;
            }
        }
        throw new AssertionError("no " + key + " " + value + " in " + array);
    }
}
