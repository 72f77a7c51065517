package dev.belay.cli;

import dev.belay.job.Excerpt;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.journal.JobRecord;
import dev.belay.runtime.RoomSettings;
import dev.belay.runtime.settings.Settings;
import dev.belay.schemas.Receipt;
import dev.belay.stores.StorePlace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/// `belay rejects`: the records that a job did not load, and loading the mended ones.
@Command(
        name = "rejects",
        description = {
            "Show the records that a job rejected, or load the mended ones.",
            "To mend: write them to a file under the same header as the source's, then --fix FILE adds them to the dataset."
        },
        mixinStandardHelpOptions = true)
final class RejectsCommand extends dev.belay.cli.Command {
    private static final List<String> NAMES = List.of("record", "line", "byte", "column", "code", "message", "raw");
    private static final int SHOWN = 50;

    @Parameters(paramLabel = "JOB", description = "The job's id or its beginning.")
    private String job = "";

    @Option(names = "--csv", description = "Print all of them as CSV, with the record as it stands in the source.")
    private boolean csv;

    @Option(names = "--json", description = "Print a JSON array, or with --fix one object.")
    private boolean json;

    @Option(
            names = "--fix",
            paramLabel = "FILE",
            description = "Add the mended records of this file to the dataset; the same file is loaded once.")
    private @Nullable Path fix;

    RejectsCommand(Screen screen) {
        super(screen);
    }

    @Override
    int execute() throws JobFailure, InterruptedException {
        Settings settings = options.settings();
        Belay.logQuietly(settings);
        JobRecord record;
        Optional<Receipt> receipt;
        Optional<KeptRejects> kept;
        try (StoredFacts facts = StoredFacts.open(settings)) {
            record = facts.job(job);
            receipt = facts.journal().flatMap(journal -> KeptReceipt.of(journal, record));
            kept = KeptRejects.of(new RoomSettings(settings).folder(), record.job());
            if (kept.isEmpty() && receipt.map(Receipt::rejected).orElse(0L) > 0) {
                sayWhoHasThem(facts, record);
            }
        }
        if (fix != null) {
            Receipt ended = receipt.orElseThrow(() ->
                    JobFailure.permanent(FailureCode.JOB_INVALID, "job %s has not ended".formatted(record.job())));
            return new RejectsFix(screen, settings, record, ended).load(fix, json);
        }
        if (csv) {
            kept.ifPresent(this::printFile);
        } else if (json) {
            screen.print(array(kept).toPrettyString());
        } else {
            print(record, receipt, kept);
        }
        return ExitCode.DONE;
    }

    /// Rejected records stay on the host of the worker that met them.
    private void sayWhoHasThem(StoredFacts facts, JobRecord record) {
        switch (facts.places().journal()) {
            case StorePlace.Folder _ -> {}
            case StorePlace.Server _ ->
                facts.journal().orElseThrow().attempts(record.job()).stream()
                        .reduce((_, later) -> later)
                        .ifPresent(last -> screen.say(
                                "rejected records are kept in the data folder of the worker that met them, here worker %s: ask on its host"
                                        .formatted(last.owner().slot())));
        }
    }

    private void printFile(KeptRejects kept) {
        try {
            // Bytes that are no UTF-8 cannot be shown; the file itself has them.
            screen.print(new String(Files.readAllBytes(kept.file()), StandardCharsets.UTF_8).stripTrailing());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void print(JobRecord record, Optional<Receipt> receipt, Optional<KeptRejects> kept) {
        long rejected = receipt.map(Receipt::rejected).orElse(0L);
        if (kept.isEmpty()) {
            screen.print(
                    rejected == 0
                            ? "no record of job %s was rejected".formatted(record.job())
                            : "job %s rejected %s, which are not kept any more"
                                    .formatted(record.job(), Texts.records(rejected)));
            return;
        }
        var table = new TextTable(screen);
        table.header(List.of("record", "line", "column", "code", "raw"));
        kept.get().rows().stream()
                .limit(SHOWN)
                .forEach(row ->
                        table.row(List.of(row.get(0), row.get(1), row.get(3), row.get(4), Excerpt.of(row.get(6)))));
        table.print();
        int more = kept.get().rows().size() - SHOWN;
        if (more > 0) {
            screen.print(screen.dim("  and %,d more; --csv prints all".formatted(more)));
        }
        if (rejected > kept.get().rows().size()) {
            screen.print("%,d of %,d rejected records are kept (limits.rejectsKept)"
                    .formatted(kept.get().rows().size(), rejected));
        }
        screen.say("next      belay rejects %s --csv > rejected.csv".formatted(record.job()));
        screen.say("next      belay rejects %s --fix FILE   # the mended records, under the source's header"
                .formatted(record.job()));
    }

    private static tools.jackson.databind.node.ArrayNode array(Optional<KeptRejects> kept) {
        var array = Json.array();
        kept.ifPresent(found -> found.rows().forEach(row -> {
            ObjectNode one = array.addObject();
            for (int at = 0; at < NAMES.size(); at++) {
                String value = row.get(at);
                if (at < 3 && !value.isEmpty()) {
                    one.put(NAMES.get(at), Long.parseLong(value));
                } else {
                    one.put(NAMES.get(at), value.isEmpty() ? null : value);
                }
            }
        }));
        return array;
    }
}
