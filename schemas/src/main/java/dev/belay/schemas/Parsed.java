package dev.belay.schemas;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What came out of reading a message somebody else wrote: the message, or all that is wrong with it.
public sealed interface Parsed<T> {
    /// The message is as the schema says.
    record Valid<T>(T message) implements Parsed<T> {}

    /// The message cannot be taken.
    ///
    /// @param problems at least one, in document order where that is known
    /// @param jobId the job id, where the message was readable enough to hold a proper one
    /// @param dataset the dataset, likewise
    record Invalid<T>(
            List<Problem> problems,
            @Nullable String jobId,
            @Nullable String dataset) implements Parsed<T> {
        public Invalid {
            problems = List.copyOf(problems);
            if (problems.isEmpty()) {
                throw new IllegalArgumentException("an invalid message has at least one problem");
            }
        }

        /// All problems in one line.
        public String summary() {
            return problems.stream().map(Problem::toString).collect(Collectors.joining("; "));
        }
    }

    /// A message of which nothing is known but what is wrong.
    static <T> Parsed<T> invalid(List<Problem> problems) {
        return new Invalid<>(problems, null, null);
    }
}
