package dev.belay.cli;

import dev.belay.job.JobFailure;
import dev.belay.journal.Attempt;
import dev.belay.journal.JobRecord;
import dev.belay.journal.JournalReader;
import dev.belay.runtime.settings.Settings;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `belay jobs show`: the timeline of jobs, from the journal.
@Command(
        name = "show",
        description = "Draw what happened to jobs: attempts, effects, compensations, the decision, the receipt.",
        mixinStandardHelpOptions = true)
final class JobsShowCommand extends dev.belay.cli.Command {
    @Parameters(arity = "1..*", paramLabel = "JOB", description = "Ids, or beginnings that only one id has.")
    private List<String> jobs = List.of();

    @Option(names = "--json", description = "Print one JSON object per job.")
    private boolean json;

    JobsShowCommand(Screen screen) {
        super(screen);
    }

    @Override
    int execute() throws JobFailure {
        Settings settings = options.settings();
        Belay.logQuietly(settings);
        try (StoredFacts facts = StoredFacts.open(settings)) {
            for (String name : jobs) {
                JobRecord job = facts.job(name);
                JournalReader journal = facts.journal().orElseThrow();
                List<Attempt> attempts = journal.attempts(job.job());
                if (json) {
                    screen.print(JobJson.of(job, attempts).toString());
                } else {
                    new JobTimeline(screen, job, attempts).print();
                    KeptReceipt.of(journal, job).ifPresent(receipt -> {
                        var view = new ReceiptView(screen, receipt).within("belay jobs show " + job.job());
                        view.printDuplicates();
                        view.printWhatIsServedAndWhatNext();
                    });
                }
            }
        }
        return ExitCode.DONE;
    }
}
