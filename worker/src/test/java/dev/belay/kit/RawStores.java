package dev.belay.kit;

import dev.belay.stores.StorePlace;
import dev.belay.stores.StorePlaces;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Reads the tables of journal and catalog as any tool would, wherever they are.
final class RawStores {
    private final StorePlaces places;

    RawStores(StorePlaces places) {
        this.places = places;
    }

    /// The first column of what a query of the journal gives, as text.
    List<String> journal(String sql) throws SQLException {
        return switch (places.journal()) {
            case StorePlace.Folder(Path folder) -> Tables.column(folder.resolve("journal.db"), sql);
            case StorePlace.Server server -> column(server, server.stem() + "_journal", sql);
        };
    }

    /// The first column of what a query of the catalog gives, as text.
    List<String> catalog(String sql) throws SQLException {
        return switch (places.datastore()) {
            case StorePlace.Folder(Path folder) -> Tables.column(folder.resolve("catalog.db"), sql);
            case StorePlace.Server server -> column(server, server.stem(), sql);
        };
    }

    /// All rows of both, but for signs of life.
    List<String> dump() throws SQLException {
        var lines = new ArrayList<String>();
        switch (places.journal()) {
            case StorePlace.Folder(Path folder) ->
                lines.addAll(Tables.dump(folder.resolve("journal.db"), Set.of("worker")));
            case StorePlace.Server server -> {
                try (Connection connection = connected(server)) {
                    lines.addAll(dump(connection, server.stem() + "_journal"));
                    lines.addAll(dump(connection, server.stem() + "_stash"));
                }
            }
        }
        switch (places.datastore()) {
            case StorePlace.Folder(Path folder) -> lines.addAll(Tables.dump(folder.resolve("catalog.db"), Set.of()));
            case StorePlace.Server server -> {
                try (Connection connection = connected(server)) {
                    lines.addAll(dump(connection, server.stem()));
                    for (String schema :
                            List.of(server.stem() + "_staging", server.stem() + "_versions", server.live())) {
                        lines.addAll(relations(connection, schema));
                    }
                }
            }
        }
        return lines;
    }

    /// Tables and views of a schema.
    static List<String> relations(StorePlace.Server server, String schema) throws SQLException {
        try (Connection connection = connected(server)) {
            return relations(connection, schema);
        }
    }

    private static List<String> relations(Connection connection, String schema) throws SQLException {
        return column(connection, schema, """
                SELECT relname FROM pg_class WHERE relnamespace = '%s'::regnamespace AND relkind IN ('r', 'v')
                ORDER BY relname
                """.formatted(schema));
    }

    private static List<String> dump(Connection connection, String schema) throws SQLException {
        var lines = new ArrayList<String>();
        for (String table : relations(connection, schema)) {
            if (!table.equals("worker")) {
                column(connection, schema, "SELECT t::text FROM \"%s\" AS t ORDER BY t::text".formatted(table))
                        .forEach(row -> lines.add(table + " | " + row));
            }
        }
        return lines;
    }

    /// @param schema whose names stand without one
    static List<String> column(StorePlace.Server server, String schema, String sql) throws SQLException {
        try (Connection connection = connected(server)) {
            return column(connection, schema, sql);
        }
    }

    private static List<String> column(Connection connection, String schema, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET search_path TO \"%s\"".formatted(schema));
            var found = new ArrayList<String>();
            try (ResultSet results = statement.executeQuery(sql)) {
                while (results.next()) {
                    found.add(String.valueOf(results.getString(1)));
                }
            }
            return found;
        }
    }

    private static Connection connected(StorePlace.Server server) throws SQLException {
        return DriverManager.getConnection(
                server.address().url(),
                server.address().user(),
                server.address().password());
    }
}
