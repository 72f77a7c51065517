package dev.belay.cli;

import java.util.ArrayList;
import java.util.List;

/// Columns of text, aligned, cut to a width that fits most terminals.
final class TextTable {
    private static final int WIDEST_CELL = 32;

    private static final int NO_LIMIT = 1000;

    private final Screen screen;
    private final int widest;
    private final List<List<String>> rows = new ArrayList<>();

    private TextTable(Screen screen, int widest) {
        this.screen = screen;
        this.widest = widest;
    }

    TextTable(Screen screen) {
        this(screen, WIDEST_CELL);
    }

    /// A table whose cells stay whole, for ids that are to be copied from it.
    static TextTable withWideCells(Screen screen) {
        return new TextTable(screen, NO_LIMIT);
    }

    /// The first line, in bold.
    void header(List<String> cells) {
        rows.addFirst(List.copyOf(cells));
    }

    void row(List<String> cells) {
        rows.add(List.copyOf(cells));
    }

    /// Prints it to standard output, the header first.
    void print() {
        print(true);
    }

    /// Prints a table that has no header.
    void printRows() {
        print(false);
    }

    private void print(boolean headed) {
        int columns = rows.stream().mapToInt(List::size).max().orElse(0);
        var widths = new int[columns];
        for (List<String> row : rows) {
            for (int at = 0; at < row.size(); at++) {
                widths[at] = Math.max(widths[at], cut(row.get(at)).length());
            }
        }
        for (int at = 0; at < rows.size(); at++) {
            String line = line(rows.get(at), widths);
            screen.print(headed && at == 0 ? screen.bold(line) : line);
        }
    }

    private String line(List<String> row, int[] widths) {
        var line = new StringBuilder("  ");
        for (int at = 0; at < row.size(); at++) {
            String cell = cut(row.get(at));
            line.append(cell);
            if (at < row.size() - 1) {
                line.repeat(' ', widths[at] - cell.length() + 2);
            }
        }
        return line.toString().stripTrailing();
    }

    private String cut(String cell) {
        return cell.length() <= widest ? cell : cell.substring(0, widest - 1) + "…";
    }
}
