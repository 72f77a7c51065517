package dev.belay.runtime.logging;

import java.util.List;

/// The names in SLF4J's MDC that every line of a job carries.
public final class LogContext {
    /// The job's id.
    public static final String JOB = "job";

    /// The dataset's id.
    public static final String DATASET = "dataset";

    /// The operation id of the attempt.
    public static final String OPERATION = "operation";

    /// The attempt's number.
    public static final String ATTEMPT = "attempt";

    /// All of them, in the order of a line. Other names in the MDC are not logged.
    static final List<String> NAMES = List.of(JOB, DATASET, OPERATION, ATTEMPT);

    private LogContext() {}
}
