package dev.belay.stage;

import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.JobRequest;
import dev.belay.job.Place;
import dev.belay.job.ScreenRule;
import dev.belay.screen.Finding;
import dev.belay.screen.Screening;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Decides by what screening found whether a job may go on. Stands behind the reading and before the first
/// write, and makes nothing durable.
///
/// Only what is likely decides: a finding that chance alone explains is in the receipt and nothing more.
public final class Gate {
    /// A gate that lets everything pass, unless a job asks for more.
    public static final Gate OPEN = new Gate(Screening.BUILT_IN, ScreenRule.OFF);

    private static final int MOST_SENTENCES = 10;

    private final Screening screening;
    private final ScreenRule usual;

    /// @param screening what is looked for
    /// @param usual     for jobs that do not say
    public Gate(Screening screening, ScreenRule usual) {
        this.screening = screening;
        this.usual = usual;
    }

    /// What becomes of a job.
    public sealed interface Passage {
        /// It goes on.
        ///
        /// @param warnings what the receipt says about it
        record Open(List<String> warnings) implements Passage {}

        /// It fails.
        record Shut(Failure failure) implements Passage {}
    }

    /// What is looked for in the job's file.
    public Optional<Screening> screening(JobRequest request) {
        return rule(request) == ScreenRule.OFF ? Optional.empty() : Optional.of(screening);
    }

    /// What belongs to the basis of a version: who served an unscreened file screens the very same once it is
    /// asked to. Empty when nobody looks.
    public Optional<String> basis(JobRequest request) {
        return screening(request).map(looked -> rule(request) + " " + looked.text());
    }

    /// Decides.
    public Passage judge(JobRequest request, List<Finding> findings) {
        List<Finding> likely = findings.stream()
                .filter(finding -> finding.certainty() == Finding.Certainty.LIKELY)
                .toList();
        if (likely.isEmpty()) {
            return new Passage.Open(List.of());
        }
        return switch (rule(request)) {
            case OFF -> new Passage.Open(List.of());
            case REPORT -> new Passage.Open(sentences(likely));
            case BLOCK -> new Passage.Shut(new Failure.Permanent(FailureCode.SCREENED, blocked(likely), Place.NONE));
        };
    }

    private ScreenRule rule(JobRequest request) {
        return request.screen().orElse(usual);
    }

    private static String blocked(List<Finding> likely) {
        return "values look like personal data: " + String.join("; ", sentences(likely))
                + "; nothing was written (rules.screen is block)";
    }

    private static List<String> sentences(List<Finding> likely) {
        List<String> sentences = likely.stream()
                .limit(MOST_SENTENCES)
                .map(Finding::text)
                .collect(Collectors.toCollection(ArrayList::new));
        if (likely.size() > MOST_SENTENCES) {
            sentences.add("and %d findings more".formatted(likely.size() - MOST_SENTENCES));
        }
        return List.copyOf(sentences);
    }
}
