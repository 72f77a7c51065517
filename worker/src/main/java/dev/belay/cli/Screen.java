package dev.belay.cli;

import dev.belay.job.Failure;
import java.io.Console;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/// Where words go: results to standard output, everything else to standard error; colour only where a person looks
/// on.
final class Screen {
    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean terminal;
    private final boolean colour;
    private final boolean unicode;

    private Screen(PrintWriter out, PrintWriter err, boolean terminal, boolean colour, boolean unicode) {
        this.out = out;
        this.err = err;
        this.terminal = terminal;
        this.colour = colour;
        this.unicode = unicode;
    }

    /// This process's own. A terminal is one when standard error is; `NO_COLOR` and `TERM=dumb` are honoured.
    // The check believes that JDKs since 22 always have a console; the default of 25 again has none without a terminal.
    @SuppressWarnings("SystemConsoleNull")
    static Screen ofThisProcess() {
        Console console = System.console();
        boolean terminal = console != null && console.isTerminal();
        boolean colour = terminal && System.getenv("NO_COLOR") == null && !"dumb".equals(System.getenv("TERM"));
        boolean unicode = "UTF-8".equalsIgnoreCase(System.getProperty("stdout.encoding", "UTF-8"));
        return new Screen(writer(System.out), writer(System.err), terminal, colour, unicode);
    }

    /// For tests.
    static Screen to(PrintWriter out, PrintWriter err) {
        return new Screen(out, err, false, false, true);
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, false, StandardCharsets.UTF_8);
    }

    /// A line of the result.
    void print(String line) {
        out.println(line);
        out.flush();
    }

    /// A line for the person, not for the next program.
    void say(String line) {
        err.println(line);
        err.flush();
    }

    /// Writes over the current line of the terminal; nothing where there is none.
    void redraw(String line) {
        if (terminal) {
            err.print("\r\u001b[2K" + line);
            err.flush();
        }
    }

    /// Whether text is coloured.
    boolean isColoured() {
        return colour;
    }

    /// Whether standard output shows more characters than ASCII's.
    boolean isUnicode() {
        return unicode;
    }

    /// Whether lines can be written over.
    boolean isTerminal() {
        return terminal;
    }

    /// What failed, why, and what to do.
    void fail(Failure failure) {
        say(red("error") + " " + failure.code() + ": " + failure.message());
        say("      " + failure.code().advice());
    }

    String bold(String text) {
        return styled("1", text);
    }

    String dim(String text) {
        return styled("2", text);
    }

    String green(String text) {
        return styled("32", text);
    }

    String yellow(String text) {
        return styled("33", text);
    }

    String red(String text) {
        return styled("31", text);
    }

    private String styled(String code, String text) {
        return colour ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
