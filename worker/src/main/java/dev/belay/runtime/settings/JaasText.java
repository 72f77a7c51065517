package dev.belay.runtime.settings;

import java.io.IOException;
import java.io.StreamTokenizer;
import java.io.StringReader;
import java.io.UncheckedIOException;

/// The form of one entry of a login configuration, `MODULE FLAG name="value" ...;`, as Kafka's clients read it. They
/// quote what they stumble over, which may be a part of a password; here nothing is quoted.
final class JaasText {
    private final StreamTokenizer tokens;

    private JaasText(String text) {
        tokens = new StreamTokenizer(new StringReader(text));
        tokens.slashSlashComments(true);
        tokens.slashStarComments(true);
        tokens.wordChars('-', '-');
        tokens.wordChars('_', '_');
        tokens.wordChars('$', '$');
    }

    /// @throws BadValue when it has another form
    static void check(String text) throws BadValue {
        new JaasText(text).entry();
    }

    private void entry() throws BadValue {
        next();
        next();
        if (tokens.sval == null || !tokens.sval.equalsIgnoreCase("required")) {
            throw new BadValue("must have the word required after its login module");
        }
        int options = 0;
        while (next() != StreamTokenizer.TT_EOF && tokens.ttype != ';') {
            options++;
            option(options);
        }
        if (tokens.ttype != ';') {
            throw new BadValue("must end with a semicolon");
        }
        if (next() != StreamTokenizer.TT_EOF) {
            throw new BadValue("must end with its first semicolon outside of quotes");
        }
    }

    private void option(int number) throws BadValue {
        boolean named = tokens.sval != null;
        if (!named || next() != '=' || next() == StreamTokenizer.TT_EOF || tokens.sval == null) {
            throw new BadValue("must be options of the form name=\"value\" after the word required; number %d is none"
                    .formatted(number));
        }
    }

    private int next() {
        try {
            return tokens.nextToken();
        } catch (IOException neverFromText) {
            throw new UncheckedIOException(neverFromText);
        }
    }
}
