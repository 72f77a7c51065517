package dev.belay.format;

import dev.belay.job.JobFailure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Finds the sheets of a workbook that hold a value, reading each as far as its first one.
final class FilledSheets {
    private FilledSheets() {}

    /// Ends a walk at its first value.
    private static final class Found extends IOException {
        private static final long serialVersionUID = 1L;

        Found() {
            super("a value was found");
        }
    }

    private static final class First implements Cells {
        @Override
        public void value(long row, int column, String value) throws Found {
            throw new Found();
        }

        @Override
        public void error(long row, int column) {
            // No value.
        }

        @Override
        public void uncomputed(long row, int column) {
            // No value.
        }

        @Override
        public void merged(long areas) {
            // Only the first of the cells counts.
        }
    }

    /// The names of those that people see, in their order.
    static List<String> of(Workbook book) throws JobFailure, IOException {
        List<String> names = new ArrayList<>();
        List<Workbook.Sheet> sheets = book.sheets();
        for (int sheet = 0; sheet < sheets.size(); sheet++) {
            if (sheets.get(sheet).visible() && isFilled(book, sheet)) {
                names.add(sheets.get(sheet).name());
            }
        }
        return names;
    }

    private static boolean isFilled(Workbook book, int sheet) throws JobFailure, IOException {
        try {
            book.walk(sheet, new First());
            return false;
        } catch (Found _) {
            return true;
        }
    }
}
