package dev.belay.stage;

import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.JobRequest;
import dev.belay.job.Place;
import dev.belay.job.ScreenRule;
import dev.belay.job.Sha256;
import dev.belay.journal.Decision;
import dev.belay.journal.Review;
import dev.belay.screen.Finding;
import dev.belay.screen.Screening;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
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
    public static final Gate OPEN = new Gate(Screening.BUILT_IN, ScreenRule.OFF, Duration.ofDays(7));

    private static final int MOST_SENTENCES = 10;

    private final Screening screening;
    private final ScreenRule usual;
    private final Duration reviewWithin;

    /// @param screening    what is looked for
    /// @param usual        for jobs that do not say
    /// @param reviewWithin how long a person has for a decision
    public Gate(Screening screening, ScreenRule usual, Duration reviewWithin) {
        this.screening = screening;
        this.usual = usual;
        this.reviewWithin = reviewWithin;
    }

    /// What becomes of a job.
    public sealed interface Passage {
        /// It goes on.
        ///
        /// @param warnings what the receipt says about it
        record Open(List<String> warnings) implements Passage {}

        /// A person has to decide.
        ///
        /// @param digest of what was found and of the file
        /// @param within how long there is for it
        record Ask(Sha256 digest, List<String> reasons, Duration within) implements Passage {
            /// What a dry run says.
            public List<String> warnings() {
                var warnings = new ArrayList<>(reasons);
                warnings.add("the job would wait for a person to approve it (rules.screen is review)");
                return List.copyOf(warnings);
            }
        }

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
    ///
    /// @param source   the digest of the file: an approval of another file says nothing about this one
    /// @param decision what a person has said before
    public Passage judge(JobRequest request, List<Finding> findings, Sha256 source, Optional<Decision> decision) {
        List<Finding> likely = findings.stream()
                .filter(finding -> finding.certainty() == Finding.Certainty.LIKELY)
                .toList();
        if (likely.isEmpty()) {
            return new Passage.Open(List.of());
        }
        return switch (rule(request)) {
            case OFF -> new Passage.Open(List.of());
            case REPORT -> new Passage.Open(sentences(likely));
            case REVIEW -> reviewed(likely, digest(likely, source), decision);
            case BLOCK -> new Passage.Shut(new Failure.Permanent(FailureCode.SCREENED, blocked(likely), Place.NONE));
        };
    }

    private Passage reviewed(List<Finding> likely, Sha256 digest, Optional<Decision> decision) {
        Optional<Decision> approval = decision.filter(said -> said.word().goesOn())
                .filter(said -> said.of().equals(digest));
        if (approval.isEmpty()) {
            return new Passage.Ask(digest, sentences(likely), reviewWithin);
        }
        List<String> warnings = new ArrayList<>(sentences(likely));
        warnings.add("approved by " + said(approval.get()));
        return new Passage.Open(List.copyOf(warnings));
    }

    private static Sha256 digest(List<Finding> likely, Sha256 source) {
        String text =
                source.hex() + "\n" + likely.stream().map(Finding::toString).collect(Collectors.joining("\n"));
        return Sha256.of(text.getBytes(StandardCharsets.UTF_8));
    }

    /// Why a job is over that waited for a person.
    public static Failure refused(Review review, Decision decision) {
        String found = String.join("; ", review.reasons());
        return switch (decision.word()) {
            case REJECTED ->
                new Failure.Permanent(
                        FailureCode.REVIEW_REJECTED, "rejected by %s: %s".formatted(said(decision), found), Place.NONE);
            case EXPIRED ->
                new Failure.Permanent(
                        FailureCode.REVIEW_EXPIRED,
                        "nobody decided until %s: %s".formatted(review.until(), found),
                        Place.NONE);
            case APPROVED -> throw new IllegalArgumentException("an approved job goes on");
        };
    }

    private static String said(Decision decision) {
        return decision.by() + decision.note().map(note -> " (" + note + ")").orElse("");
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
