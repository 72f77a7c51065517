package dev.belay.cli;

import java.util.ArrayList;
import java.util.List;

/// Columns of text, aligned, cut to a width that fits most terminals.
final class TextTable {
    private static final int WIDEST_CELL = 32;

    private final Screen screen;
    private final List<List<String>> rows = new ArrayList<>();

    TextTable(Screen screen) {
        this.screen = screen;
    }

    /// The first line, in bold.
    void header(List<String> cells) {
        rows.addFirst(List.copyOf(cells));
    }

    void row(List<String> cells) {
        rows.add(List.copyOf(cells));
    }

    /// Prints it to standard output.
    void print() {
        int columns = rows.stream().mapToInt(List::size).max().orElse(0);
        var widths = new int[columns];
        for (List<String> row : rows) {
            for (int at = 0; at < row.size(); at++) {
                widths[at] = Math.max(widths[at], cut(row.get(at)).length());
            }
        }
        for (int at = 0; at < rows.size(); at++) {
            String line = line(rows.get(at), widths);
            screen.print(at == 0 ? screen.bold(line) : line);
        }
    }

    private static String line(List<String> row, int[] widths) {
        var line = new StringBuilder("  ");
        for (int at = 0; at < row.size(); at++) {
            String cell = cut(row.get(at));
            line.append(cell);
            if (at < row.size() - 1) {
                line.repeat(' ', widths[at] - cell.length() + 2);
            }
        }
        return line.toString();
    }

    private static String cut(String cell) {
        return cell.length() <= WIDEST_CELL ? cell : cell.substring(0, WIDEST_CELL - 1) + "…";
    }
}
