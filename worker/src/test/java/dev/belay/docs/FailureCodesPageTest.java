package dev.belay.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.job.FailureCode;
import dev.belay.tabular.RejectCode;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FailureCodesPageTest {
    private static final List<String> PAGE = Repository.lines("docs/failure-codes.md");

    @Test
    void listsEveryFailureCodeInOrderWithItsMeaningAndAdvice() {
        assertThat(rows(PAGE.stream().takeWhile(line -> !line.startsWith("## "))))
                .isEqualTo(Stream.of(FailureCode.values())
                        .map(code -> "| `%s` | %s | %s |".formatted(code, code.meaning(), code.advice()))
                        .toList());
    }

    @Test
    void listsEveryReasonForRejectingARecord() {
        assertThat(rows(PAGE.stream().dropWhile(line -> !line.startsWith("## "))).stream()
                        .map(row -> row.split("`", -1)[1]))
                .containsExactly(Stream.of(RejectCode.values()).map(Enum::name).toArray(String[]::new));
    }

    private static List<String> rows(Stream<String> lines) {
        return lines.filter(line -> line.startsWith("| `")).toList();
    }
}
