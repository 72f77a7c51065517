package dev.belay.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestDatabases.class)
final class TestDatabasesTest {
    @Test
    void handsOutADatabaseOfASupportedVersion(TestDatabase database) throws SQLException {
        assertThat(Integer.parseInt(database.texts("SHOW server_version_num").getFirst()))
                .isGreaterThanOrEqualTo(140_000);
    }

    @Test
    void handsOutTheSameDatabaseToEveryTestOfAClass(TestDatabase one, TestDatabase other) {
        assertThat(one).isSameAs(other);
        assertThat(one.newSchema()).isNotEqualTo(other.newSchema());
    }

    @Test
    void keepsWhatWasCommittedWhenTheServerIsKilled(TestDatabase database) throws SQLException {
        TestPostgres server = database.server();
        assumeTrue(server.restartable(), "the server cannot be restarted");
        database.execute("CREATE TABLE kept AS SELECT 1 AS one");
        server.administer("CHECKPOINT");
        try {
            server.kill();

            assertThatThrownBy(database::connect).isInstanceOf(SQLException.class);
        } finally {
            server.start();
        }
        assertThat(database.texts("SELECT one FROM kept")).containsExactly("1");
    }
}
