package dev.belay.runtime.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class DocumentationTest {
    @Test
    void listsEverySettingWithItsDefaultRangeAndMeaning() throws IOException {
        assertThat(section("## Settings", "| `")).isEqualTo(ConfigurationPage.settingRows());
    }

    @Test
    void listsTheKafkaPropertiesThatMayBeSet() throws IOException {
        assertThat(section("### Properties that may be set", "- `")).isEqualTo(ConfigurationPage.allowedRows());
    }

    @Test
    void listsTheKafkaPropertiesThatMayNotBeSetWithTheReason() throws IOException {
        assertThat(section("### Properties that may not be set", "| `")).isEqualTo(ConfigurationPage.refusedRows());
    }

    @Test
    void showsEnvironmentVariablesThatStandForTheirKeys() throws IOException {
        List<String> rows = section("### Environment variables", "| `");

        assertThat(rows).hasSize(4).allSatisfy(row -> {
            String[] cells = row.split("`", -1);
            assertThat(KnownKeys.keyOf(cells[3])).contains(cells[1]);
        });
    }

    private static List<String> section(String heading, String rowStart) throws IOException {
        return ConfigurationPage.lines().stream()
                .dropWhile(line -> !line.equals(heading))
                .skip(1)
                .takeWhile(line -> !line.startsWith("#"))
                .filter(line -> line.startsWith(rowStart))
                .toList();
    }
}
