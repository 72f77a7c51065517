package dev.belay.saga;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.job.DateOrder;
import dev.belay.job.JobId;
import dev.belay.job.JobRequest;
import dev.belay.job.NumberMarks;
import dev.belay.job.Sha256;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.JobMessage.Rules.Dedupe;
import dev.belay.schemas.MessageCodec;
import dev.belay.tabular.NullTexts;
import dev.belay.tabular.NumberWords;
import dev.belay.tabular.Wishes;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Two loads of equal basis give equal tables, so words that read a file otherwise give another basis.
final class BasisTest {
    private static final JobMessage LOAD = JobMessage.replace("d", JobMessage.Source.url("a.csv"));
    private static final List<String> ONE = List.of("a, b");
    private static final List<String> TWO = List.of("a", "b");

    @Test
    void tellsAListOfTwoTextsFromOneTextThatLooksLikeIt() {
        assertThat(basis(nullTokens(ONE))).isNotEqualTo(basis(nullTokens(TWO)));
        assertThat(basis(dedupe(ONE))).isNotEqualTo(basis(dedupe(TWO)));
        assertThat(basis(nulls(ONE, Map.of()))).isNotEqualTo(basis(nulls(TWO, Map.of())));
        assertThat(basis(nulls(TWO, Map.of("n", ONE)))).isNotEqualTo(basis(nulls(TWO, Map.of("n", TWO))));
    }

    @Test
    void tellsTextsOfTheTableFromThoseOfAColumn() {
        assertThat(basis(nulls(TWO, Map.of()))).isNotEqualTo(basis(nulls(List.of(), Map.of("a", List.of("b")))));
        assertThat(basis(nulls(List.of(), Map.of("a", List.of())))).isNotEqualTo(basis(Wishes.NONE));
    }

    @Test
    void isTheSameForTheSameWords() {
        assertThat(basis(nullTokens(TWO))).isEqualTo(basis(nullTokens(List.of("a", "b"))));
        assertThat(basis(nulls(TWO, Map.of("n", ONE, "m", TWO))))
                .isEqualTo(basis(nulls(List.of("a", "b"), Map.of("m", TWO, "n", ONE))));
    }

    private static Sha256 basis(JobMessage message) {
        return basis(message, Wishes.NONE);
    }

    private static Sha256 basis(Wishes wishes) {
        return basis(LOAD, wishes);
    }

    private static Sha256 basis(JobMessage message, Wishes wishes) {
        JobRequest request = new Requests(new MessageCodec(), 1).of(message, new JobId("j"));
        return Basis.of(request, wishes, Optional.empty(), Sha256.of("x".getBytes(StandardCharsets.UTF_8)));
    }

    private static JobMessage nullTokens(List<String> tokens) {
        return LOAD.withRead(new JobMessage.Read(
                JobMessage.Read.Format.AUTO, null, null, null, null, null, null, null, null, tokens, null, null));
    }

    private static JobMessage dedupe(List<String> columns) {
        return LOAD.withRules(
                JobMessage.Rules.DEFAULT.withDedupe(new Dedupe(Dedupe.By.COLUMNS, columns, Dedupe.Keep.FIRST)));
    }

    private static Wishes nulls(List<String> table, Map<String, List<String>> columns) {
        var nulls = new NullTexts(List.of(), table, columns);
        var numbers = new NumberWords(NumberMarks.UNKNOWN, Map.of());
        return new Wishes(Map.of(), Map.<String, DateOrder>of(), Optional.empty(), nulls, numbers);
    }
}
