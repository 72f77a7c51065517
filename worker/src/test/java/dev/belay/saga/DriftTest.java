package dev.belay.saga;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.schemas.JobMessage;
import dev.belay.schemas.JobMessage.Source;
import dev.belay.schemas.Mode;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a receipt says about columns that are not what they were.
final class DriftTest {
    private static final JobMessage LOAD = JobMessage.replace("d", Source.url("a.csv"));

    private Rig rig;

    @BeforeEach
    void begin(@TempDir Path folder) {
        rig = new Rig(folder);
        load("j1", "id,name,size\n1,ann,5\n2,bob,6\n3,cyd,9\n");
    }

    private void load(String job, String content) {
        rig.file("a.csv", content);
        rig.run(job, LOAD);
    }

    @Test
    void isSilentWhereOnlyValuesChange() {
        load("j2", "id,name,size\n1,ann,5\n2,bob,600\n");

        assertThat(rig.log.receipt().warnings()).isEmpty();
    }

    @Test
    void namesWhatIsNewGoneAndOfAnotherType() {
        load("j2", "id,size,age\n1,5.5,30\n2,6,40\n3,9,50\n");

        assertThat(rig.log.receipt().warnings())
                .containsExactly(
                        "columns that version 1 does not have: age",
                        "columns of version 1 that are gone: name",
                        "column \"size\" is decimal; in version 1 it is integer");
    }

    @Test
    void takesAColumnForRenamedWhereItsValuesLookAlike() {
        load("j2", "id,who,size\n1,ann,5\n2,bob,6\n3,cyd,9\n");

        assertThat(rig.log.receipt().warnings())
                .contains("column \"who\" is perhaps what version 1 calls \"name\": their values look alike");
    }

    @Test
    void guessesNothingWhereTwoColumnsLookAlike() {
        load("j2", "id,who,what,size\n1,ann,ann,5\n2,bob,bob,6\n3,cyd,cyd,9\n");

        assertThat(rig.log.receipt().warnings()).noneMatch(warning -> warning.contains("perhaps"));
    }

    @Test
    void missesNoColumnWhereRowsAreAdded() {
        rig.file("more.csv", "id,note\n4,x\n");
        rig.run("j2", LOAD.withSource(Source.url("more.csv")).withMode(Mode.APPEND, java.util.List.of()));

        assertThat(rig.log.receipt().warnings()).containsExactly("columns that version 1 does not have: note");
    }
}
