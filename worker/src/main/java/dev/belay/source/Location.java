package dev.belay.source;

import dev.belay.job.Excerpt;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a job's source text names.
sealed interface Location {
    /// A local file, not yet looked at.
    record LocalFile(Path path) implements Location {}

    /// Something on another host.
    record Web(HttpUrl url) implements Location {}

    // A scheme has at least two letters, so that C:\data is a path.
    Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]+):(.*)", Pattern.DOTALL);

    /// @param raw   a path, absolute or relative to the process, or a `file:`, `http:` or `https:` URL
    /// @param shown `raw` as it may be shown
    static Location of(String raw, String shown) throws JobFailure {
        Matcher matcher = SCHEME.matcher(raw);
        if (!matcher.matches()) {
            return new LocalFile(path(raw, shown));
        }
        String scheme = matcher.group(1).toLowerCase(Locale.ROOT);
        return switch (scheme) {
            case "http", "https" -> new Web(HttpUrl.of(raw));
            case "file" -> new LocalFile(fileUrl(matcher.group(2), shown));
            default ->
                throw JobFailure.permanent(
                        FailureCode.URL_SCHEME,
                        "the scheme \"%s\" is not among file, http and https (write ./ before a path with a colon)"
                                .formatted(Excerpt.of(scheme)));
        };
    }

    /// `file:/path`, `file:///path` or `file://localhost/path` (RFC 8089); never another host's share.
    private static Path fileUrl(String rest, String shown) throws JobFailure {
        String path = rest;
        if (rest.startsWith("//")) {
            int slash = rest.indexOf('/', 2);
            String host = slash < 0 ? rest.substring(2) : rest.substring(2, slash);
            path = slash < 0 ? "" : rest.substring(slash);
            if (!host.isEmpty() && !host.equalsIgnoreCase("localhost")) {
                throw JobFailure.permanent(
                        FailureCode.SOURCE_FORBIDDEN, shown + " is on another host; only local files can be read");
            }
        }
        if (path.startsWith("//")) {
            throw JobFailure.permanent(FailureCode.SOURCE_FORBIDDEN, shown + " is a network path, not a local file");
        }
        if (!path.startsWith("/") || path.matches("(?s).*[?#\\\\].*") || path.matches("(?is).*%2f.*")) {
            throw invalid(shown, "is not of the form file:///folder/file");
        }
        String decoded = Percent.decoded(path)
                .orElseThrow(() -> invalid(shown, "has a broken percent-escape, or one that is not UTF-8"));
        return path(decoded, shown);
    }

    private static Path path(String text, String shown) throws JobFailure {
        if (text.isBlank()) {
            throw invalid(shown, "is empty");
        }
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw invalid(shown, "contains a control character");
        }
        try {
            return Path.of(text);
        } catch (InvalidPathException wrong) {
            throw Failures.stays(
                    FailureCode.URL_INVALID,
                    "the source \"%s\" is no path: %s".formatted(shown, Excerpt.of(wrong.getReason())),
                    wrong);
        }
    }

    private static JobFailure invalid(String shown, String problem) {
        return JobFailure.permanent(FailureCode.URL_INVALID, "the source \"%s\" %s".formatted(shown, problem));
    }
}
