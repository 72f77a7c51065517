package dev.belay.cases;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.datastore.RowDigest;
import dev.belay.format.FormatLimits;
import dev.belay.format.Formats;
import dev.belay.format.Order;
import dev.belay.format.Prepared;
import dev.belay.format.Pulse;
import dev.belay.job.JobFailure;
import dev.belay.job.Progress;
import dev.belay.job.ReadOptions;
import dev.belay.job.RowSink;
import dev.belay.job.TypedTable;
import dev.belay.tabular.DelimitedReader;
import dev.belay.tabular.Dialect;
import dev.belay.tabular.ReadLimits;
import dev.belay.tabular.TableBytes;
import dev.belay.tabular.TableProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The same table in every format has the same columns and the same digest.
final class SameTableTest {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                // every type, and nothing
                """
                [["id","name","price","valid","day","moment","note"],\
                [1,"Ärger & Co",1.5,true,"2024-01-31","2024-01-31T12:30:01","x"],\
                [2,"日本 😀",-0.25,false,"2024-02-29","2024-02-01T00:00:00",null],\
                [3,"a, \\"b\\"",1000000,true,null,"1999-12-31T23:59:59","y"]]""",
                // numbers that doubles hold only nearly, and codes that are no numbers
                """
                [["a","b","c"],[0.1,"007",123456789012],[0.30000000000000004,"00420",-1],[0.001,"x",0]]""",
                // one column
                """
                [["only"],["x"],["y\\nz"],["3"]]"""
            })
    void hasTheSameDigestInEveryFormat(String table) throws Exception {
        JsonNode rows = JSON.readTree(table);
        Map<String, String> digests = new LinkedHashMap<>();

        for (var written : everyWay(rows).entrySet()) {
            digests.put(written.getKey(), digest(written.getKey(), written.getValue()));
        }

        assertThat(digests.values().stream().distinct()).as("%s", digests).hasSize(1);
    }

    private static Map<String, byte[]> everyWay(JsonNode rows) throws IOException {
        Map<String, byte[]> ways = new LinkedHashMap<>();
        ways.put("csv", made("input", delimited(rows, ","), List.of()));
        ways.put("tsv", made("input", delimited(rows, "\t"), List.of()));
        ways.put("csv.gz", made("input", delimited(rows, ","), List.of("gzip")));
        ways.put("csv.zst", made("input", delimited(rows, ";"), List.of("zstd")));
        ways.put("utf-16", made("input", "\uFEFF" + delimited(rows, ","), List.of("encode UTF-16LE")));
        ways.put("zip", made("input", delimited(rows, ","), List.of("zip t.csv")));
        ways.put("json", made("input", objects(rows, ",", "[", "]"), List.of()));
        ways.put("jsonl", made("input", objects(rows, "\n", "", "\n"), List.of()));
        ways.put("arrays", made("input", rows.toString(), List.of()));
        for (String book : List.of("xlsx", "xlsx inline", "ods", "xls")) {
            ObjectNode one = JSON.createObjectNode();
            one.putArray("sheets").addObject().set("rows", rows);
            one.putArray("build").add(book);
            ways.put(book, new Case("", one).bytes());
        }
        return ways;
    }

    private static byte[] made(String word, String text, List<String> build) throws IOException {
        ObjectNode one = JSON.createObjectNode();
        one.put(word, text);
        build.forEach(one.putArray("build")::add);
        return new Case("", one).bytes();
    }

    private static String delimited(JsonNode rows, String delimiter) {
        List<String> lines = new ArrayList<>();
        for (JsonNode row : rows) {
            List<String> fields = new ArrayList<>();
            row.forEach(
                    field -> fields.add(field.isNull() ? "" : '"' + plain(field).replace("\"", "\"\"") + '"'));
            lines.add(String.join(delimiter, fields));
        }
        return String.join("\n", lines) + "\n";
    }

    private static String plain(JsonNode field) {
        return field.isNumber() ? field.decimalValue().stripTrailingZeros().toPlainString() : field.asString();
    }

    private static String objects(JsonNode rows, String between, String first, String last) {
        List<String> objects = new ArrayList<>();
        for (int at = 1; at < rows.size(); at++) {
            List<String> members = new ArrayList<>();
            for (int column = 0; column < rows.get(0).size(); column++) {
                JsonNode value = rows.get(at).get(column);
                members.add(rows.get(0).get(column) + ":" + (value.isNumber() ? plain(value) : value.toString()));
            }
            objects.add(members.stream().collect(Collectors.joining(",", "{", "}")));
        }
        return first + String.join(between, objects) + last;
    }

    private String digest(String name, byte[] bytes) throws JobFailure, IOException {
        Path own = Files.createTempDirectory(folder, "way");
        Path fetched = own.resolve("source");
        Files.write(fetched, bytes);
        Prepared prepared = new Formats(FormatLimits.DEFAULTS)
                .prepare(new Order(fetched, own, name, Optional.empty(), ReadOptions.DETECT, Pulse.STEADY));
        var reader = DelimitedReader.alone(ReadLimits.DEFAULTS);
        TableBytes text = TableBytes.of(Files.readAllBytes(prepared.file()));
        Dialect dialect = reader.detect(text, prepared.read());
        TableProfile profile = reader.profile(text, dialect, Map.of(), Progress.SILENT);
        var digest = new RowDigest();
        try (TypedTable table = reader.rows(text, profile)) {
            for (int part = 0; part < table.parts(); part++) {
                table.read(part, new Digesting(digest));
            }
        }
        return profile.columns().stream()
                        .map(column ->
                                column.column().name() + " " + column.column().type())
                        .collect(Collectors.joining(", "))
                + " " + digest.finish().hex();
    }

    private record Digesting(RowDigest digest) implements RowSink {
        @Override
        public void nothing(int column) {
            digest.nothing();
        }

        @Override
        public void integer(int column, long value) {
            digest.integer(value);
        }

        @Override
        public void real(int column, double value) {
            digest.real(value);
        }

        @Override
        public void decimal(int column, byte[] bytes, int from, int to, long unscaled, int scale) {
            digest.text(bytes, from, to);
        }

        @Override
        public void text(int column, byte[] bytes, int from, int to) {
            digest.text(bytes, from, to);
        }

        @Override
        public void endRow() {
            digest.endRow();
        }
    }
}
