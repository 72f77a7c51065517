package dev.belay.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What one command said and how it ended.
record Transcript(int code, String out, String err) {
    /// Runs a command on a data folder.
    static Transcript of(Path data, String... words) {
        List<String> arguments = new ArrayList<>(List.of(words));
        arguments.add("--data");
        arguments.add(data.toString());
        return plain(arguments.toArray(String[]::new));
    }

    /// Runs a command with these arguments only.
    static Transcript plain(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        int code = Belay.execute(Screen.to(new PrintWriter(out), new PrintWriter(err)), arguments);
        return new Transcript(code, out.toString(), err.toString());
    }

    /// Standard output as JSON; only that may be there.
    JsonNode json() {
        return JsonMapper.shared().readTree(out);
    }
}
