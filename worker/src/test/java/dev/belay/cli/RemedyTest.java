package dev.belay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.job.FailureCode;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

final class RemedyTest {
    @Test
    void namesOptionsThatThereAre() {
        CommandSpec job = CommandSpec.forAnnotatedObject(new JobOptions());
        List<String> proposed = Arrays.stream(FailureCode.values())
                .flatMap(code -> Remedy.of(code.name()).stream())
                .toList();

        assertThat(proposed).isNotEmpty().allSatisfy(remedy -> {
            OptionSpec option = job.findOption(remedy.split(" ", 2)[0]);
            assertThat(option).as(remedy).isNotNull();
            assertThat(new CommandLine(job)
                            .setCaseInsensitiveEnumValuesAllowed(true)
                            .parseArgs(value(remedy))
                            .matchedOptions())
                    .contains(option);
        });
    }

    @Test
    void knowsNoneForACodeOfANewerWorker() {
        assertThat(Remedy.of("SOMETHING_NEW")).isEqualTo(Optional.empty());
    }

    /// As a person would fill it in.
    private static String[] value(String remedy) {
        String option = remedy.split("   ", 2)[0];
        return option.replace("--format NAME", "--format csv")
                .replaceAll(" [NR]$", " 1")
                .split(" ", -1);
    }
}
