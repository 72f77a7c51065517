package dev.belay.cli;

import dev.belay.job.Excerpt;
import dev.belay.schemas.Failure;
import dev.belay.schemas.Receipt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Shows how a job ended: what there is now, what is served, and what to do next.
final class ReceiptView {
    private static final int COLUMNS_SHOWN = 12;
    private static final int REJECTS_SHOWN = 5;

    private final Screen screen;
    private final Receipt receipt;
    private final String running;

    ReceiptView(Screen screen, Receipt receipt) {
        this(screen, receipt, "");
    }

    private ReceiptView(Screen screen, Receipt receipt, String running) {
        this.screen = screen;
        this.receipt = receipt;
        this.running = running;
    }

    /// The same for the command that is running: it does not propose itself.
    ReceiptView within(String command) {
        return new ReceiptView(screen, receipt, command);
    }

    /// The outcome in a line, with counts.
    void printHead() {
        String dataset = screen.bold(String.valueOf(receipt.dataset()));
        switch (receipt.outcome()) {
            case COMPLETED ->
                screen.print("%s %s: version %d, %s%s"
                        .formatted(
                                screen.green("completed"),
                                dataset,
                                receipt.version(),
                                Texts.rows(receipt.rows()),
                                balance()));
            case SKIPPED -> printSkip(dataset);
            case FAILED -> printFailure(dataset);
            case SUPERSEDED ->
                screen.print("%s %s: a newer job was published first%s"
                        .formatted(
                                screen.yellow("superseded"),
                                dataset,
                                receipt.supersededBy() == null ? "" : ": " + receipt.supersededBy()));
            case CANCELLED -> screen.print("%s %s".formatted(screen.yellow("cancelled"), dataset));
        }
        for (Receipt.Reject reject :
                receipt.rejects().stream().limit(REJECTS_SHOWN).toList()) {
            screen.print("  rejected: " + reject.message());
        }
        printDuplicates();
        for (Receipt.Screened one : receipt.screened().stream()
                .filter(one -> !one.likely())
                .limit(REJECTS_SHOWN)
                .toList()) {
            screen.print(screen.dim("  screened: column \"%s\": %,d of %,d pass the check of %s, as by chance"
                    .formatted(Excerpt.of(one.column()), one.found(), one.values(), one.detector())));
        }
        for (String warning : receipt.warnings()) {
            screen.print("  " + screen.yellow("warning: ") + warning);
        }
        if (receipt.dictionary() != null) {
            screen.print("  " + receipt.dictionary().summary());
        }
    }

    /// The first records that were left out, and which ones stay.
    void printDuplicates() {
        for (Receipt.Duplicate left :
                receipt.duplicates().stream().limit(REJECTS_SHOWN).toList()) {
            screen.print("  left out: %s is the same as %s"
                    .formatted(where(left.row(), left.line()), where(left.keptRow(), left.keptLine())));
        }
    }

    private static String where(long record, long line) {
        return line == 0 ? "record %d".formatted(record) : "record %d (line %d)".formatted(record, line);
    }

    /// The columns with their types and the first rows.
    void printTable(List<? extends List<@Nullable Object>> rows) {
        if (receipt.plan() != null) {
            printPlan(receipt.plan());
            return;
        }
        if (receipt.columns().isEmpty()) {
            return;
        }
        screen.print("");
        var table = new TextTable(screen);
        var header = new ArrayList<String>();
        var types = new ArrayList<String>();
        List<Receipt.Column> shown =
                receipt.columns().stream().limit(COLUMNS_SHOWN).toList();
        for (Receipt.Column column : shown) {
            header.add(Excerpt.of(column.name()));
            types.add(column.type());
        }
        table.header(header);
        table.row(types);
        for (List<@Nullable Object> row : rows) {
            var cells = new ArrayList<String>();
            for (int at = 0; at < shown.size(); at++) {
                Object value = row.get(at);
                cells.add(value == null ? "" : Excerpt.of(value.toString()));
            }
            table.row(cells);
        }
        table.print();
        if (receipt.columns().size() > COLUMNS_SHOWN) {
            screen.print(screen.dim(
                    "  and %d more columns".formatted(receipt.columns().size() - COLUMNS_SHOWN)));
        }
    }

    private void printPlan(Receipt.DryRun plan) {
        if (plan.readAs() != null) {
            screen.print("  read as " + plan.readAs());
        }
        screen.print("");
        var table = TextTable.withWideCells(screen);
        table.header(List.of("column", "type", "title", "because"));
        for (Receipt.DryRun.PlannedColumn column : plan.columns()) {
            table.row(List.of(
                    Excerpt.of(column.name()),
                    column.type(),
                    Excerpt.of(column.title() == null ? "" : column.title()),
                    column.reason() == null ? "" : column.reason()));
        }
        table.print();
        int more = receipt.columns().size() - plan.columns().size();
        if (more > 0) {
            screen.print(screen.dim("  and %d more columns".formatted(more)));
        }
    }

    /// The sentence that is the product: what is still served, and the next command.
    void printWhatIsServedAndWhatNext() {
        screen.print("");
        switch (receipt.outcome()) {
            case COMPLETED -> {
                if (receipt.file() != null) {
                    screen.print("file      " + receipt.file());
                }
                next("belay datasets history " + receipt.dataset());
                next("belay dictionary set %s COLUMN --title ... --description ...".formatted(receipt.dataset()));
            }
            case SKIPPED -> {
                if (receipt.plan() != null) {
                    screen.print(served());
                    next("the same command without --dry-run");
                } else {
                    if (receipt.file() != null) {
                        screen.print("file      " + receipt.file());
                    }
                    next("belay datasets show " + receipt.dataset());
                }
            }
            case FAILED -> {
                screen.print(served());
                if (receipt.stillServed() != null) {
                    screen.print("          its dictionary is untouched: nothing you wrote is lost");
                }
                next("belay jobs show " + receipt.jobId());
                if (receipt.failure() != null) {
                    Remedy.of(receipt.failure().code()).ifPresent(option -> next("the same job with " + option));
                }
                next("belay jobs retry " + receipt.jobId() + "   when the cause is mended");
            }
            case SUPERSEDED, CANCELLED -> {
                screen.print(served());
                next("belay jobs show " + receipt.jobId());
            }
        }
    }

    private void printSkip(String dataset) {
        Receipt.DryRun plan = receipt.plan();
        if (plan != null) {
            screen.print("%s %s: %s of %s would be loaded%s; nothing was touched"
                    .formatted(
                            screen.green("dry run of"),
                            dataset,
                            Texts.rows(plan.rows()),
                            Texts.records(plan.records()),
                            balance()));
        } else {
            screen.print("%s %s: %s; version %d (%s) is what this %s gives"
                    .formatted(
                            screen.green("skipped"),
                            dataset,
                            receipt.reason(),
                            receipt.version(),
                            Texts.rows(receipt.rows()),
                            isRestored() ? "version" : "file"));
        }
    }

    private void printFailure(String dataset) {
        Failure failure = receipt.failure();
        screen.print("%s %s after %d attempt%s: %s"
                .formatted(
                        screen.red("failed"),
                        dataset,
                        receipt.attempts(),
                        receipt.attempts() == 1 ? "" : "s",
                        failure == null ? "" : failure.code()));
        if (failure != null) {
            screen.print("  " + failure.message());
            screen.print("  " + failure.advice());
        }
    }

    private String served() {
        return receipt.stillServed() == null
                ? "served    nothing: %s was never published".formatted(receipt.dataset())
                : "served    version %d with %s, as before"
                        .formatted(
                                receipt.stillServed().version(),
                                Texts.rows(receipt.stillServed().rows()));
    }

    private String balance() {
        var text = new StringBuilder();
        if (receipt.rejected() > 0) {
            text.append(", %,d rejected".formatted(receipt.rejected()));
        }
        if (receipt.deduplicated() > 0) {
            text.append(", %,d deduplicated".formatted(receipt.deduplicated()));
        }
        if (isRestored() && receipt.source() != null) {
            text.append(", restored from version ").append(receipt.source().version());
        }
        if (receipt.startedAt() != null) {
            text.append(" in ")
                    .append(Texts.millis(Duration.between(receipt.startedAt(), receipt.endedAt())
                            .toMillis()));
        }
        return text.toString();
    }

    private boolean isRestored() {
        return receipt.source() != null && receipt.source().version() != null;
    }

    private void next(String command) {
        if (!command.equals(running)) {
            screen.print("next      " + command);
        }
    }
}
