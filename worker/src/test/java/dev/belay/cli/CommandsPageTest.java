package dev.belay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

final class CommandsPageTest {
    /// With `-Ddocs.write=true` the page is written instead of compared.
    @Test
    void listsEveryCommandAndOptionInTheirOwnWords() throws IOException {
        String wanted = CommandsPage.text();
        if (Boolean.getBoolean("docs.write")) {
            Files.writeString(CommandsPage.file(), wanted);
        }

        assertThat(Files.readString(CommandsPage.file())).isEqualTo(wanted);
    }
}
