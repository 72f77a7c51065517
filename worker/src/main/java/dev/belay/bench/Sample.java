package dev.belay.bench;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The files that are loaded. Made from a seed: the same seed and number of rows give the same bytes everywhere.
public enum Sample {
    /// Like the service requests that cities publish: ids, times, categories, free text with quoted commas, quotes and
    /// line breaks, coordinates, zip codes with zeros in front, missing values.
    MIXED("311-like", 1_000_000, 20, 420) {
        @Override
        void header(Line line) {
            names(
                    line,
                    List.of(
                            "unique_key",
                            "created_date",
                            "closed_date",
                            "due_date",
                            "agency",
                            "agency_name",
                            "complaint_type",
                            "descriptor",
                            "location_type",
                            "incident_zip",
                            "incident_address",
                            "city",
                            "status",
                            "resolution_description",
                            "community_board",
                            "bbl",
                            "x_coordinate",
                            "y_coordinate",
                            "latitude",
                            "longitude"));
        }

        @Override
        void record(Line line, long row, SplittableRandom random) {
            long created = random.nextLong(20L * 336 * 86_400);
            int agency = random.nextInt(12);
            line.number(10_000_000 + row).second(created);
            either(line, random, 5, () -> line.second(created + random.nextInt(9_000_000)));
            line.day((int) (created / 86_400) + random.nextInt(90));
            line.text(AGENCIES[agency]).quoted(DEPARTMENT, AGENCIES[agency], COMMA, word(random), SPACE, word(random));
            line.text(COMPLAINTS[random.nextInt(COMPLAINTS.length)]);
            descriptor(line, random);
            line.text(PLACES[random.nextInt(PLACES.length)]);
            either(line, random, 30, () -> line.padded(random.nextInt(700, 11_700), 5));
            line.quoted(number(random, 9_999), SPACE, word(random), SPACE, word(random), STREET);
            line.text(CITIES[random.nextInt(CITIES.length)]).text(STATES[random.nextInt(STATES.length)]);
            resolution(line, random);
            line.text(BOARDS[random.nextInt(BOARDS.length)]).number(1_000_000_000L + random.nextLong(4_000_000_000L));
            either(line, random, 20, () -> line.number(random.nextInt(913_000, 1_067_000)));
            either(line, random, 20, () -> line.number(random.nextInt(121_000, 272_000)));
            line.decimal(40_500_000_000_000L + random.nextLong(400_000_000_000L), 12);
            line.decimal(-74_250_000_000_000L + random.nextLong(550_000_000_000L), 12);
        }

        private void descriptor(Line line, SplittableRandom random) {
            switch (random.nextInt(4)) {
                case 0 -> line.quoted(word(random), COMMA, word(random), SPACE, word(random));
                case 1 -> line.quoted(word(random), SPACE, QUOTE, word(random), QUOTE);
                case 2 -> line.nothing();
                default -> line.text(word(random));
            }
        }

        private void resolution(Line line, SplittableRandom random) {
            byte[] end = random.nextInt(20) == 0 ? BREAK : SPACE;
            line.quoted(RESOLUTION, word(random), COMMA, word(random), SPACE, word(random), end, CLOSING, word(random));
        }
    },

    /// Numbers only: whole ones, decimals, some negative, a few missing.
    NARROW("narrow numbers", 5_000_000, 6, 43) {
        @Override
        void header(Line line) {
            names(line, List.of("id", "station", "level", "change", "count", "flow"));
        }

        @Override
        void record(Line line, long row, SplittableRandom random) {
            line.number(row).number(random.nextInt(500)).decimal(random.nextInt(1_000_000), 2);
            line.decimal(random.nextInt(-500_000, 500_000), 4);
            either(line, random, 100, () -> line.number(random.nextLong(10_000_000_000L)));
            either(line, random, 50, () -> line.decimal(random.nextInt(-90_000_000, 90_000_000), 3));
        }
    },

    /// Many columns of all kinds.
    WIDE("wide", 50_000, 300, 1_860) {
        @Override
        void header(Line line) {
            names(
                    line,
                    IntStream.range(0, 300).mapToObj("column_%03d"::formatted).toList());
        }

        @Override
        void record(Line line, long row, SplittableRandom random) {
            for (int column = 0; column < 300; column++) {
                switch (column % 6) {
                    case 0 -> line.number(random.nextInt(-1_000, 1_000_000));
                    case 1 -> line.decimal(random.nextInt(-100_000, 100_000), 2);
                    case 2 -> line.text(STATES[random.nextInt(STATES.length)]);
                    case 3 -> line.day(random.nextInt(6_000));
                    case 4 -> either(line, random, 10, () -> line.number(random.nextInt(100)));
                    default -> line.text(word(random));
                }
            }
        }
    };

    private static final byte[] SPACE = ascii(" ");
    private static final byte[] COMMA = ascii(", ");
    private static final byte[] QUOTE = ascii("\"");
    private static final byte[] BREAK = ascii("\n");
    private static final byte[] STREET = ascii(" Street");
    private static final byte[] DEPARTMENT = ascii("Department of ");
    private static final byte[] RESOLUTION = ascii("The department has inspected the condition at this place: ");
    private static final byte[] CLOSING = ascii("The request was closed; see its history for ");
    private static final byte[][] AGENCIES =
            all("NYPD", "HPD", "DOT", "DSNY", "DEP", "DOB", "DPR", "DOHMH", "DHS", "EDC", "TLC", "DCWP");
    private static final byte[][] COMPLAINTS = all(
            "Noise - Residential",
            "Illegal Parking",
            "Heat/Hot Water",
            "Blocked Driveway",
            "Street Condition",
            "Water System",
            "Street Light Condition",
            "Plumbing",
            "Damaged Tree",
            "Rodent",
            "Graffiti",
            "Sewer",
            "General Construction");
    private static final byte[][] PLACES =
            all("Street/Sidewalk", "Residential Building", "Store/Commercial", "Park/Playground", "Club/Bar");
    private static final byte[][] CITIES = all("BROOKLYN", "NEW YORK", "BRONX", "STATEN ISLAND", "JAMAICA", "FLUSHING");
    private static final byte[][] STATES = all("Open", "Closed", "Pending", "Assigned", "Started");
    private static final byte[][] BOARDS = all("01 BRONX", "07 QUEENS", "12 MANHATTAN", "05 BROOKLYN", "03 STATEN");
    private static final byte[][] WORDS = words();

    private final String title;
    private final long rows;
    private final int columns;
    private final int bytesPerRow;

    Sample(String title, long rows, int columns, int bytesPerRow) {
        this.title = title;
        this.rows = rows;
        this.columns = columns;
        this.bytesPerRow = bytesPerRow;
    }

    /// For people.
    public String title() {
        return title;
    }

    /// Records of a file of that scale, at least one.
    public long rows(double scale) {
        return Math.max(1, Math.round(rows * scale));
    }

    /// Columns of it.
    public int columns() {
        return columns;
    }

    /// About how large a file will be.
    long bytes(long rowsOfIt) {
        return rowsOfIt * bytesPerRow;
    }

    /// Writes a file; killed half-way it is cut short.
    void write(Path file, long rowsOfIt, long seed) throws IOException {
        var random = new SplittableRandom(seed);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
            var line = new Line(out);
            header(line);
            line.end();
            for (long row = 1; row <= rowsOfIt; row++) {
                record(line, row, random);
                line.end();
            }
        }
    }

    abstract void header(Line line);

    abstract void record(Line line, long row, SplittableRandom random);

    private static void names(Line line, List<String> names) {
        names.forEach(name -> line.text(ascii(name)));
    }

    /// Nothing in one of so many records.
    private static void either(Line line, SplittableRandom random, int oneIn, Runnable value) {
        if (random.nextInt(oneIn) == 0) {
            line.nothing();
        } else {
            value.run();
        }
    }

    private static byte[] word(SplittableRandom random) {
        return WORDS[random.nextInt(WORDS.length)];
    }

    private static byte[] number(SplittableRandom random, int below) {
        return ascii(Integer.toString(random.nextInt(below)));
    }

    /// Some thousands of words that can be said.
    private static byte[][] words() {
        var random = new SplittableRandom(311);
        var words = new byte[4_000][];
        for (int at = 0; at < words.length; at++) {
            words[at] = ascii(IntStream.range(0, random.nextInt(2, 5))
                    .mapToObj(
                            _ -> "" + "bcdfghklmnprstvw".charAt(random.nextInt(16)) + "aeiou".charAt(random.nextInt(5)))
                    .collect(Collectors.joining()));
        }
        return words;
    }

    private static byte[][] all(String... texts) {
        return Arrays.stream(texts).map(Sample::ascii).toArray(byte[][]::new);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
