package dev.belay.cli;

import dev.belay.job.JobFailure;
import dev.belay.runtime.settings.Settings;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `belay doctor`: looks at everything Belay stands on, changes nothing.
@Command(
        name = "doctor",
        description =
                "Look at journal, datastore, stash, Kafka, disk and clock; change nothing. Exits 3 if something does not work, 4 if someone has to decide.",
        mixinStandardHelpOptions = true)
final class DoctorCommand extends dev.belay.cli.Command {
    @Option(names = "--json", description = "Print a JSON array.")
    private boolean json;

    DoctorCommand(Screen screen) {
        super(screen);
    }

    @Override
    int execute() throws JobFailure, InterruptedException {
        Settings settings = options.settings();
        Belay.logQuietly(settings);
        InstantSource clock = InstantSource.system();
        List<Finding> findings = new ArrayList<>();
        findings.addAll(new MachineChecks(settings, clock).findings());
        findings.addAll(new StoreChecks(settings, clock).findings());
        findings.addAll(new KafkaChecks(settings).findings());
        print(findings);
        if (findings.stream().anyMatch(finding -> finding.mark() == Finding.Mark.FAIL)) {
            return ExitCode.UNREACHABLE;
        }
        return findings.stream().anyMatch(finding -> finding.mark() == Finding.Mark.DECIDE)
                ? ExitCode.NEEDS_DECISION
                : ExitCode.DONE;
    }

    private void print(List<Finding> findings) {
        if (json) {
            var array = Json.array();
            findings.forEach(finding -> array.addObject()
                    .put("mark", finding.mark().name().toLowerCase(Locale.ROOT))
                    .put("what", finding.what())
                    .put("words", finding.words())
                    .put("mend", finding.mend().isEmpty() ? null : finding.mend()));
            screen.print(array.toPrettyString());
            return;
        }
        for (Finding finding : findings) {
            screen.print("%s %-12s %s".formatted(mark(finding.mark()), finding.what(), finding.words()));
            if (!finding.mend().isEmpty()) {
                screen.print("       %-12s mend: %s".formatted("", finding.mend()));
            }
        }
    }

    private String mark(Finding.Mark mark) {
        return switch (mark) {
            case OK -> screen.green("ok    ");
            case WARN -> screen.yellow("warn  ");
            case DECIDE -> screen.yellow("decide");
            case FAIL -> screen.red("fail  ");
        };
    }
}
