package dev.belay.cli;

import dev.belay.schemas.Event;
import dev.belay.schemas.EventData;
import java.util.ArrayList;
import java.util.List;

/// Draws what the events of running jobs say: one moving line where there is a terminal, a line per stage where not,
/// and always what was taken back and when it is tried again.
final class ProgressView {
    private static final int BAR = 24;

    private final Screen screen;
    private final boolean wanted;

    /// @param wanted false to show only roll-backs
    ProgressView(Screen screen, boolean wanted) {
        this.screen = screen;
        this.wanted = wanted;
    }

    /// Shows one event.
    void hear(Event event) {
        switch (event.data()) {
            case EventData.Stage stage -> stage(stage);
            case EventData.Progress progress -> progress(progress);
            case EventData.RolledBack back -> rolledBack(back);
            default -> {
                if (event.type().terminal()) {
                    screen.redraw("");
                }
            }
        }
    }

    private void stage(EventData.Stage stage) {
        if (!wanted) {
            return;
        }
        String line = "%s: %s".formatted(stage.dataset(), stage.stage());
        if (screen.isTerminal()) {
            screen.redraw(screen.dim(line + " …"));
        } else if (stage.state() == EventData.Stage.State.DONE) {
            screen.say(line + " done" + (stage.millis() == null ? "" : " in " + Texts.millis(stage.millis())));
        }
    }

    private void progress(EventData.Progress progress) {
        if (wanted) {
            Long total = progress.total();
            String how = total == null || total <= 0
                    ? Texts.count(progress.done(), progress.unit())
                    : bar(progress.done(), total) + " " + Texts.count(progress.done(), progress.unit()) + " of "
                            + Texts.count(total, progress.unit());
            screen.redraw("%s: %s %s".formatted(progress.dataset(), progress.stage(), how));
        }
    }

    private void rolledBack(EventData.RolledBack back) {
        screen.redraw("");
        for (String line : lines(back)) {
            screen.say(line);
        }
    }

    private List<String> lines(EventData.RolledBack back) {
        var lines = new ArrayList<String>();
        lines.add("%s %s, attempt %d: %s"
                .formatted(
                        screen.yellow("rolled back"),
                        back.dataset(),
                        back.attempt(),
                        back.failure().message()));
        for (EventData.Compensation one : back.compensations()) {
            lines.add("  %-12s %s"
                    .formatted(one.stage(), one.detail() == null ? one.result().wire() : one.detail()));
        }
        lines.add(
                back.nextAttemptAt() == null
                        ? "  no further attempt"
                        : "  next attempt at " + Texts.clock(back.nextAttemptAt()));
        return lines;
    }

    private static String bar(long done, long total) {
        int full = (int) (BAR * Math.min(done, total) / total);
        return "[" + "#".repeat(full) + "-".repeat(BAR - full) + "]";
    }
}
