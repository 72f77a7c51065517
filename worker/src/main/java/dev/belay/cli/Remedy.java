package dev.belay.cli;

import dev.belay.job.FailureCode;
import java.util.Map;
import java.util.Optional;

/// The option of `belay run` and `belay submit` that answers what a failed job asks, for failures of jobs that do not
/// say enough about their file.
final class Remedy {
    private static final Map<FailureCode, String> OPTIONS = Map.ofEntries(
            Map.entry(FailureCode.ARCHIVE_AMBIGUOUS, "--member NAME"),
            Map.entry(FailureCode.ARCHIVE_MEMBER_NOT_FOUND, "--member NAME"),
            Map.entry(FailureCode.JSON_SHAPE, "--member NAME"),
            Map.entry(FailureCode.FORMAT_MISMATCH, "--format NAME"),
            Map.entry(FailureCode.ENCODING_AMBIGUOUS, "--encoding NAME"),
            Map.entry(FailureCode.ENCODING_INVALID, "--encoding NAME"),
            Map.entry(FailureCode.ENCODING_UNSUPPORTED, "--encoding NAME"),
            Map.entry(FailureCode.WORKBOOK_NO_TABLE, "--sheet NAME"),
            Map.entry(FailureCode.SHEET_NOT_FOUND, "--sheet NAME"),
            Map.entry(FailureCode.HEADER_ROW_NOT_FOUND, "--header-row N"),
            Map.entry(FailureCode.TOO_MANY_REJECTED, "--max-rejected-ratio R   to load it without them"),
            Map.entry(FailureCode.KEY_NOT_UNIQUE, "--dedupe key   to load the first of them"));

    private Remedy() {}

    /// @param code as an event has it; of a newer worker it may be unknown here
    static Optional<String> of(String code) {
        return OPTIONS.entrySet().stream()
                .filter(entry -> entry.getKey().name().equals(code))
                .map(Map.Entry::getValue)
                .findFirst();
    }
}
