package dev.belay.tabular;

import dev.belay.job.ColumnType;
import dev.belay.job.JobFailure;
import dev.belay.job.OverridePolicy;
import dev.belay.job.Place;
import dev.belay.job.Progress;
import dev.belay.parts.Cores;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Surveys a file as often as it takes: mostly once. Once more where values are not of a type that was demanded and
/// the column is to be widened, and where they have shown that numbers are written with marks nobody told.
final class Walk {
    private final Cores cores;
    private final Progress progress;
    private final Dialect dialect;
    private final Wishes wishes;
    private final Drafting drafting;
    private List<Misfit> widened = List.of();

    /// @param drafting what else is done with the rows of each survey
    Walk(Cores cores, Progress progress, Dialect dialect, Wishes wishes, Drafting drafting) {
        this.drafting = drafting;
        this.cores = cores;
        this.progress = progress;
        this.dialect = dialect;
        this.wishes = wishes;
    }

    /// @param vote of the plan's types
    /// @return the last survey, which nothing contradicts
    Survey over(Survey.Plan plan, MarkVote vote) throws JobFailure, IOException {
        Survey survey = survey(plan);
        List<Misfit> misfits = survey.misfits(dialect);
        if (wishes.policy() != OverridePolicy.WIDEN || misfits.isEmpty()) {
            return marked(plan, vote, survey);
        }
        widened = misfits;
        @Nullable ColumnType[] demanded = released(plan.demanded());
        var other = new MarkVote(wishes.numbers(), dialect, demanded);
        Survey.Plan wider = plan.with(demanded, other.assumed());
        return marked(wider, other, survey(wider));
    }

    private Survey marked(Survey.Plan plan, MarkVote vote, Survey survey) throws JobFailure, IOException {
        int[] marks = vote.decided(survey.totals());
        return Arrays.equals(marks, plan.marks()) ? survey : survey(plan.with(plan.demanded(), marks));
    }

    private Survey survey(Survey.Plan plan) throws JobFailure, IOException {
        var survey = new Survey(plan, cores, progress, drafting);
        survey.run();
        return survey;
    }

    /// The types without those of widened columns.
    private @Nullable ColumnType[] released(@Nullable ColumnType[] demanded) {
        @Nullable ColumnType[] rest = demanded.clone();
        for (Misfit misfit : widened) {
            rest[dialect.names().indexOf(misfit.name())] = null;
        }
        return rest;
    }

    /// The columns that were widened, in words for people.
    ///
    /// @param masked whether their values are not to be shown
    List<Misfit> widened(boolean masked) {
        return widened.stream()
                .map(misfit -> masked ? misfit.masked() : misfit)
                .map(misfit -> wishes.isOfOwnText() ? misfit.withPlaces(Place::withoutLine) : misfit)
                .toList();
    }
}
