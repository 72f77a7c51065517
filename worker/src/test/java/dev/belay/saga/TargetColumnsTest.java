package dev.belay.saga;

import static org.assertj.core.api.Assertions.assertThatCode;

import dev.belay.datastore.Widening;
import dev.belay.job.Column;
import dev.belay.job.ColumnType;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class TargetColumnsTest {
    @ParameterizedTest
    @EnumSource(ColumnType.class)
    void givesASharedColumnATypeThatTheBaseCanBeWidenedTo(ColumnType published) {
        for (ColumnType demanded : ColumnType.values()) {
            Column shared = TargetColumns.merged(List.of(Column.of("a", published)), List.of(Column.of("a", demanded)))
                    .columns()
                    .getFirst();

            assertThatCode(() -> Widening.widened(1L, published, shared.type()))
                    .as("%s with %s", published, demanded)
                    .doesNotThrowAnyException();
        }
    }
}
