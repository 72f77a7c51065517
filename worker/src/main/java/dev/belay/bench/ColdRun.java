package dev.belay.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// `belay run FILE` from nothing: the start of its JVM and of its broker, the load, the end of both.
final class ColdRun implements Contender {
    static final String NAME = "belay run, cold";

    private final Program program;
    private final Map<String, String> settings;

    ColdRun(Program program, Map<String, String> settings) {
        this.program = program;
        this.settings = Map.copyOf(settings);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String terms() {
        return "the whole command on a new data folder: two JVMs start, broker and topics are made, message to event, everything stops; CPU of both processes, memory of the worker's";
    }

    @Override
    public Cost load(LoadedFile file, Path folder) throws IOException, InterruptedException {
        var arguments = StayingWorker.arguments("run", folder.resolve("data"), settings);
        arguments.addAll(List.of(
                "--json",
                "--quiet",
                "--dataset",
                "bench",
                "--max-rejected-ratio",
                "1",
                file.path().toString()));
        Child.Ended ended = Child.run(program.belay(arguments), folder);
        return ended.cost(rows(ended.said()));
    }

    private static long rows(String said) throws IOException {
        for (String line : said.lines().toList()) {
            if (line.startsWith("{")) {
                try {
                    return JsonMapper.shared().readTree(line).path("rows").asLong();
                } catch (JacksonException broken) {
                    throw new IOException("belay run printed no receipt but: " + line, broken);
                }
            }
        }
        throw new IOException("belay run printed no receipt: " + said);
    }
}
