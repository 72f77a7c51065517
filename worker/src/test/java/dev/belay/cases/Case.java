package dev.belay.cases;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// One case of the corpus. `cases/README.md` explains its words; a word that is not there is an error.
///
/// @param file where it is written down
/// @param node all of it
record Case(String file, JsonNode node) {
    private static final Path FOLDER = Path.of("src/test/resources/cases");
    private static final List<String> WORDS = List.of(
            "name",
            "why",
            "input",
            "bytes",
            "files",
            "sheets",
            "build",
            "called",
            "read",
            "types",
            "rules",
            "dictionary",
            "limits",
            "expect");
    private static final List<String> EXPECTED = List.of(
            "columns",
            "rows",
            "first",
            "rejected",
            "rejects",
            "duplicates",
            "warnings",
            "notes",
            "plain",
            "failure",
            "message");

    /// All cases of all files, in the order of the files' names.
    static List<Case> all() throws IOException {
        List<Case> cases = new ArrayList<>();
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (Path file : files.filter(one -> one.toString().endsWith(".yaml"))
                    .sorted()
                    .toList()) {
                try (InputStream in = Files.newInputStream(file)) {
                    for (JsonNode one : new YAMLMapper().readTree(in)) {
                        cases.add(new Case(String.valueOf(file.getFileName()), one));
                    }
                }
            }
        }
        return cases;
    }

    /// Words that no case may have, a slip of the pen.
    List<String> unknownWords() {
        List<String> unknown = new ArrayList<>();
        node.propertyNames().stream().filter(word -> !WORDS.contains(word)).forEach(unknown::add);
        node.path("expect").propertyNames().stream()
                .filter(word -> !EXPECTED.contains(word))
                .forEach(unknown::add);
        return unknown;
    }

    String name() {
        return node.path("name").asString();
    }

    String why() {
        return node.path("why").asString("");
    }

    /// The source's own name.
    String called() {
        return node.path("called").asString("file");
    }

    /// The bytes of the file.
    byte[] bytes() throws IOException {
        byte[] bytes = raw();
        var build = new Build(this);
        for (JsonNode step : node.path("build")) {
            bytes = build.apply(step.asString(), bytes);
        }
        return bytes;
    }

    Optional<String> text(String group, String word) {
        JsonNode found = node.path(group).path(word);
        return found.isMissingNode() ? Optional.empty() : Optional.of(found.asString());
    }

    Optional<Integer> number(String group, String word) {
        JsonNode found = node.path(group).path(word);
        return found.isMissingNode() ? Optional.empty() : Optional.of(found.asInt());
    }

    List<String> texts(String group, String word) {
        List<String> texts = new ArrayList<>();
        JsonNode found = node.path(group).path(word);
        if (found.isString()) {
            texts.add(found.asString());
        }
        found.iterator().forEachRemaining(one -> texts.add(one.asString()));
        return texts;
    }

    boolean expects(String word) {
        return node.path("expect").has(word);
    }

    /// Names and contents, in order.
    List<Map.Entry<String, String>> files() {
        List<Map.Entry<String, String>> files = new ArrayList<>();
        for (JsonNode one : node.path("files")) {
            one.properties()
                    .forEach(file ->
                            files.add(Map.entry(file.getKey(), file.getValue().asString())));
        }
        return files;
    }

    private byte[] raw() {
        if (node.has("bytes")) {
            return node.path("bytes").asString().getBytes(StandardCharsets.ISO_8859_1);
        }
        return node.path("input").asString("").getBytes(StandardCharsets.UTF_8);
    }
}
