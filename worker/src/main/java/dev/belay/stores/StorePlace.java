package dev.belay.stores;

import dev.belay.datastore.postgres.Schemas;
import dev.belay.datastore.postgres.TableLayout;
import dev.belay.sql.PostgresAddress;
import java.nio.file.Path;

/// Where one store is.
public sealed interface StorePlace {
    /// In words, for messages: the folder, or host, port and database.
    String text();

    /// Files of this host.
    record Folder(Path path) implements StorePlace {
        @Override
        public String text() {
            return path.toString();
        }
    }

    /// Schemas of a database that many hosts share.
    ///
    /// @param connections at most so many at once, for this store
    /// @param stem        what the names of Belay's schemas begin with
    /// @param live        the schema in which people read datasets
    /// @param layout      what a datastore has there
    record Server(PostgresAddress address, int connections, String stem, String live, TableLayout layout)
            implements StorePlace {
        private static final String STEM = "belay";
        private static final String LIVE = "public";

        /// With the usual names.
        public Server(PostgresAddress address, int connections) {
            this(address, connections, STEM, LIVE);
        }

        /// With the usual layout.
        public Server(PostgresAddress address, int connections, String stem, String live) {
            this(address, connections, stem, live, TableLayout.BELAY);
        }

        /// The same place as the datastore of a CKAN site.
        public Server forCkan() {
            return new Server(address, connections, stem, live, TableLayout.CKAN);
        }

        @Override
        public String text() {
            return address.place();
        }

        String journalSchema() {
            return stem + "_journal";
        }

        String stashSchema() {
            return stem + "_stash";
        }

        Schemas datastoreSchemas() {
            return Schemas.named(stem, live).laidOut(layout);
        }
    }
}
