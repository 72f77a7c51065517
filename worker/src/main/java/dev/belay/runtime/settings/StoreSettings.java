package dev.belay.runtime.settings;

import dev.belay.sql.PostgresAddress;
import dev.belay.stores.StorePlace;
import java.nio.file.Path;

/// The settings of journal and datastore, which go together or not.
final class StoreSettings {
    /// What goes on beside jobs: recovery and signs of life.
    private static final int BESIDE_JOBS = 2;
    /// A load that begins with the rows of a base reads them on a connection of their own.
    private static final int OF_A_LOAD = 2;

    private final Path workingFolder;
    private final Problems problems;
    private final StoreUrl journal;
    private final String journalPassword;
    private final Choosable journalConnections;
    private final StoreUrl datastore;
    private final String datastorePassword;
    private final Choosable datastoreConnections;
    private final Settings.DatastoreLayout layout;

    StoreSettings(Values values, Path data, Path workingFolder, Problems problems) {
        this.workingFolder = workingFolder;
        this.problems = problems;
        journal = values.of(SettingCatalog.JOURNAL_URL, data.toString());
        journalPassword = values.of(SettingCatalog.JOURNAL_PASSWORD);
        journalConnections = values.of(SettingCatalog.JOURNAL_CONNECTIONS);
        datastore = values.of(SettingCatalog.DATASTORE_URL, data.toString());
        datastorePassword = values.of(SettingCatalog.DATASTORE_PASSWORD);
        datastoreConnections = values.of(SettingCatalog.DATASTORE_CONNECTIONS);
        layout = values.of(SettingCatalog.DATASTORE_LAYOUT);
    }

    StorePlace journal(int concurrency) {
        return place(
                journal,
                journalPassword,
                switch (journalConnections) {
                    case Choosable.Automatic() -> concurrency + BESIDE_JOBS;
                    case Choosable.Chosen(int number) -> number;
                });
    }

    StorePlace datastore(int concurrency) {
        if (journal instanceof StoreUrl.Server && datastore instanceof StoreUrl.Folder) {
            problems.add(
                    "datastore.url must be a PostgreSQL database, as journal.url is: workers of other hosts would decide about files that they do not have");
        }
        int needed = OF_A_LOAD * concurrency;
        int connections = switch (datastoreConnections) {
            case Choosable.Automatic() -> needed + BESIDE_JOBS;
            case Choosable.Chosen(int number) -> number;
        };
        if (datastore instanceof StoreUrl.Server && connections < needed) {
            problems.add(
                    "datastore.connections (%d) must be at least twice worker.concurrency (%d): a load may need two"
                            .formatted(connections, concurrency));
        }
        if (datastore instanceof StoreUrl.Folder && layout != Settings.DatastoreLayout.BELAY) {
            problems.add("datastore.layout is for a datastore.url that is a PostgreSQL database");
        }
        StorePlace place = place(datastore, passwordOfDatastore(), connections);
        return switch (layout) {
            case BELAY -> place;
            case CKAN -> place instanceof StorePlace.Server server ? server.forCkan() : place;
        };
    }

    private String passwordOfDatastore() {
        return datastorePassword.isEmpty()
                        && journal instanceof StoreUrl.Server decides
                        && datastore instanceof StoreUrl.Server keeps
                        && decides.user().equals(keeps.user())
                        && hosts(decides).equals(hosts(keeps))
                ? journalPassword
                : datastorePassword;
    }

    private static String hosts(StoreUrl.Server server) {
        return server.jdbc().substring(0, server.jdbc().lastIndexOf('/', end(server.jdbc())));
    }

    private static int end(String url) {
        int query = url.indexOf('?');
        return query < 0 ? url.length() : query;
    }

    private StorePlace place(StoreUrl url, String password, int connections) {
        return switch (url) {
            case StoreUrl.Folder(Path path) ->
                new StorePlace.Folder(workingFolder.resolve(path).normalize());
            case StoreUrl.Server server ->
                new StorePlace.Server(new PostgresAddress(server.jdbc(), server.user(), password), connections);
        };
    }
}
