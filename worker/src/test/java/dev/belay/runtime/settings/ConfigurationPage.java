package dev.belay.runtime.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// `docs/configuration.md`, and what its tables must be according to the code.
final class ConfigurationPage {
    private ConfigurationPage() {}

    static List<String> settingRows() {
        return SettingCatalog.ALL.stream().map(ConfigurationPage::settingRow).toList();
    }

    private static String settingRow(Setting<?> setting) {
        String standard = setting.defaultText().isEmpty() ? "none" : "`" + setting.defaultText() + "`";
        String range = setting.type().range();
        String type = range.isEmpty() ? setting.type().name() : setting.type().name() + ": " + range;
        return "| `%s` | %s | %s | %s |".formatted(setting.key(), standard, type, setting.description());
    }

    static List<String> allowedRows() {
        return KafkaProperties.ALLOWED.stream()
                .sorted()
                .map(name -> "- `kafka." + name + "`")
                .toList();
    }

    static List<String> refusedRows() {
        return KafkaProperties.REFUSED.entrySet().stream()
                .map(refused -> "| `kafka.%s` | %s |".formatted(refused.getKey(), refused.getValue()))
                .sorted()
                .toList();
    }

    static List<String> lines() throws IOException {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("docs").resolve("configuration.md")) && folder.getParent() != null) {
            folder = folder.getParent();
        }
        return Files.readAllLines(folder.resolve("docs").resolve("configuration.md"));
    }
}
