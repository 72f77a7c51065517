package dev.belay.dictionary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.job.DatasetId;
import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.OperationId;
import dev.belay.job.Place;
import dev.belay.job.Unavailable;
import org.junit.jupiter.api.Test;

final class InMemoryStashTest extends StashContract {
    private final InMemoryStash stash = new InMemoryStash();

    @Override
    Stash stash() {
        return stash;
    }

    @Override
    void damage(DatasetId dataset, OperationId operation) {
        stash.damage(dataset, operation);
    }

    @Test
    void refusesWritesWhileItIsTold() {
        stash.refuseWrites(new Failure.Transient(FailureCode.STASH_WRITE_FAILED, "no", Place.NONE));

        assertThatThrownBy(() -> stash.put(entry(AIR, FIRST))).isInstanceOf(Unavailable.class);
        assertThat(stash.list()).isEmpty();

        stash.acceptWrites();
        stash.put(entry(AIR, FIRST));
        assertThat(stash.list()).hasSize(1);
    }
}
