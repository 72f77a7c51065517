package dev.belay.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/// What exactly-once rests on, whatever the settings say.
final class ClientPropertiesTest {
    private static final Map<String, String> HOSTILE = Map.of(
            "bootstrap.servers", "127.0.0.1:1",
            "isolation.level", "read_uncommitted",
            "enable.auto.commit", "true",
            "acks", "0",
            "enable.idempotence", "false",
            "transactional.id", "another");
    private final IntakeSettings settings = IntakeSettings.defaults("a", HOSTILE);
    private final ClientProperties properties = new ClientProperties(settings.kafka());

    @Test
    void readsOnlyWhatIsCommittedAndMovesNoOffsetByItself() {
        assertThat(properties.jobConsumer(settings))
                .containsEntry("isolation.level", "read_committed")
                .containsEntry("enable.auto.commit", "false")
                .containsEntry("auto.offset.reset", "earliest");
    }

    @Test
    void announcesInTransactionsOfItsOwnSlot() {
        assertThat(properties.announcer(settings))
                .containsEntry("acks", "all")
                .containsEntry("enable.idempotence", "true")
                .containsEntry("transactional.id", settings.group().id() + "-a");
    }
}
