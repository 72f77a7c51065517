package dev.belay.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class KeptStatementsTest {
    private static final String ALL = "SELECT a FROM t WHERE a >= ? ORDER BY a";

    private Connection connection;
    private KeptStatements kept;
    private Session session;

    @BeforeEach
    void open() throws SQLException {
        connection = DriverManager.getConnection("jdbc:sqlite::memory:");
        kept = new KeptStatements(connection);
        session = new Session(kept, new LongAdder());
        session.update("CREATE TABLE t (a UNIQUE)");
        session.update("INSERT INTO t VALUES (?)", 1);
        session.update("INSERT INTO t VALUES (?)", 2);
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    private List<Long> from(int least) throws SQLException {
        return session.list(ALL, row -> row.number("a"), least);
    }

    @Test
    void compilesAStatementOnce() throws SQLException {
        var first = kept.take(ALL);
        first.close();

        try (var second = kept.take(ALL)) {
            assertThat(second.statement()).isSameAs(first.statement());
        }
    }

    @Test
    void givesAStatementToOneUserAtATime() throws SQLException {
        List<List<Long>> within = session.list(ALL, _ -> from(2), 1);

        assertThat(within).containsExactly(List.of(2L), List.of(2L));
        assertThat(from(1)).containsExactly(1L, 2L);
    }

    @Test
    void keepsNoValues() throws SQLException {
        assertThat(from(2)).containsExactly(2L);

        assertThat(session.list(ALL, row -> row.number("a"))).isEmpty();
    }

    @Test
    void goesOnWithAStatementThatFailed() throws SQLException {
        assertThatThrownBy(() -> session.update("INSERT INTO t VALUES (?)", 2)).isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> session.list(
                        ALL,
                        _ -> {
                            throw new IllegalStateException("not this one");
                        },
                        1))
                .hasMessage("not this one");

        session.update("INSERT INTO t VALUES (?)", 3);
        assertThat(from(2)).containsExactly(2L, 3L);
        session.update("DROP TABLE t");
    }

    @Test
    void followsTheSchema() throws SQLException {
        assertThat(session.first("SELECT * FROM t", row -> row.number("a"))).contains(1L);

        session.update("DROP TABLE t");
        session.update("CREATE TABLE t (b, a)");
        session.update("INSERT INTO t VALUES (7, 8)");

        assertThat(session.first("SELECT * FROM t", row -> row.number("a"))).contains(8L);
    }

    @Test
    void keepsALimitedNumber() throws SQLException {
        var first = kept.take(ALL);
        first.close();
        for (int number = 0; number < 1_000; number++) {
            session.list("SELECT a FROM t WHERE a = " + number, row -> row.number("a"));
        }

        assertThat(first.statement().isClosed()).isTrue();
    }
}
