package dev.belay.format;

import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Writes a text whose fields stand in another character than the double quote once more with double quotes, line by
/// line as it was.
final class Requoting {
    private static final List<String> DELIMITERS = List.of(",", ";", "\t", "|", "^");
    private static final int QUOTE = '"';

    private final int quote;
    private final byte[] delimiter;

    /// @param quote     ASCII, not the double quote
    /// @param delimiter what stands between fields
    Requoting(char quote, String delimiter) {
        this.quote = quote;
        this.delimiter = delimiter.getBytes(StandardCharsets.UTF_8);
    }

    /// How a text is quoted that is not quoted as usual: as the job says, or in single quotes if all fields of
    /// its first line are.
    ///
    /// @param start the beginning of the text
    static Optional<Requoting> of(String start, Optional<Character> named, Optional<String> delimiter)
            throws JobFailure {
        if (named.isPresent()) {
            char quote = named.get();
            if (quote >= 0x80) {
                throw JobFailure.permanent(
                        FailureCode.JOB_INVALID,
                        "read.quote is %s, but only ASCII characters are read as quotes"
                                .formatted(Quoted.of(String.valueOf(quote))));
            }
            return quote == QUOTE
                    ? Optional.empty()
                    : Optional.of(new Requoting(quote, delimiter.orElseGet(() -> mostFrequent(start, quote))));
        }
        String first = start.lines().findFirst().orElse("");
        return (delimiter.isPresent() ? List.of(delimiter.get()) : DELIMITERS)
                .stream()
                        .filter(between -> first.matches("'[^']*'(" + Pattern.quote(between) + "'[^']*')+"))
                        .findFirst()
                        .map(between -> new Requoting('\'', between));
    }

    String delimiter() {
        return new String(delimiter, StandardCharsets.UTF_8);
    }

    String shown() {
        return String.valueOf((char) quote);
    }

    /// @param target the text to be written; killed half-way there is a part of it
    void write(Path source, Path target, FormatLimits limits, Pulse pulse) throws JobFailure, IOException {
        try (InputStream in = Source.open(source, pulse);
                OutputStream out = new BufferedOutputStream(Files.newOutputStream(target), 1 << 16)) {
            var pen = new Pen(out, limits);
            byte[] buffer = new byte[1 << 16];
            for (int count = in.read(buffer, 0, buffer.length); count >= 0; count = in.read(buffer, 0, buffer.length)) {
                for (int at = 0; at < count; at++) {
                    pen.take(buffer[at]);
                }
            }
            pen.end();
        }
    }

    private static String mostFrequent(String start, char quote) {
        String bare = start.lines()
                .findFirst()
                .orElse("")
                .replaceAll(Pattern.quote(String.valueOf(quote)) + ".*?" + Pattern.quote(String.valueOf(quote)), "");
        String best = ",";
        long most = 0;
        for (String candidate : DELIMITERS) {
            long count = bare.chars().filter(one -> one == candidate.charAt(0)).count();
            if (count > most) {
                most = count;
                best = candidate;
            }
        }
        return best;
    }

    private enum State {
        START,
        PLAIN,
        /// A plain field that begins with a double quote, which now needs quotes of its own.
        WRAPPED,
        QUOTED,
        /// Behind a quote that closes the field or is the first of two.
        CLOSED
    }

    private final class Pen {
        private final OutputStream out;
        private final FormatLimits limits;
        private State state = State.START;
        private int matched;
        private long written;

        Pen(OutputStream out, FormatLimits limits) {
            this.out = out;
            this.limits = limits;
        }

        void take(byte one) throws JobFailure, IOException {
            if (state == State.QUOTED) {
                if (one == quote) {
                    state = State.CLOSED;
                } else {
                    doubled(one);
                }
                return;
            }
            if (state == State.CLOSED && one == quote) {
                put(one);
                state = State.QUOTED;
                return;
            }
            if (state == State.START && matched == 0 && one == quote) {
                put(QUOTE);
                state = State.QUOTED;
                return;
            }
            outside(one);
        }

        void end() throws JobFailure, IOException {
            if (state == State.WRAPPED || state == State.CLOSED) {
                put(QUOTE);
            }
            held();
        }

        private void outside(byte one) throws JobFailure, IOException {
            if (one == delimiter[matched]) {
                if (++matched == delimiter.length) {
                    close();
                    out.write(delimiter);
                    written += delimiter.length;
                    matched = 0;
                }
                return;
            }
            held();
            if (one == '\n' || one == '\r') {
                close();
                put(one);
                return;
            }
            if (state == State.START) {
                state = one == QUOTE ? State.WRAPPED : State.PLAIN;
                if (state == State.WRAPPED) {
                    put(QUOTE);
                }
            } else if (state == State.CLOSED) {
                put(QUOTE);
                state = State.PLAIN;
            }
            if (state == State.WRAPPED) {
                doubled(one);
            } else {
                put(one);
            }
        }

        private void close() throws JobFailure, IOException {
            if (state == State.WRAPPED || state == State.CLOSED) {
                put(QUOTE);
            }
            state = State.START;
        }

        /// What looked like the beginning of a delimiter was none.
        private void held() throws JobFailure, IOException {
            int count = matched;
            matched = 0;
            for (int at = 0; at < count; at++) {
                state = state == State.START ? State.PLAIN : state;
                put(delimiter[at]);
            }
        }

        private void doubled(byte one) throws JobFailure, IOException {
            put(one);
            if (one == QUOTE) {
                put(QUOTE);
            }
        }

        private void put(int one) throws JobFailure, IOException {
            out.write(one);
            if (++written > limits.unpackedBytes()) {
                throw JobFailure.permanent(
                        FailureCode.DECOMPRESSION_LIMIT,
                        "with double quotes the text is larger than limits.unpackedBytes (%,d bytes)"
                                .formatted(limits.unpackedBytes()));
            }
        }
    }
}
