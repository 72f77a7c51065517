package dev.belay.datastore.postgres;

import dev.belay.datastore.Commit;
import dev.belay.datastore.StagingPlan;
import dev.belay.job.CommitId;
import dev.belay.job.DatasetId;
import dev.belay.job.Sha256;
import dev.belay.sql.SqlNames;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.random.RandomGenerator;

/// Which schemas a datastore uses.
///
/// @param catalog  heads, history, dictionaries, fences and manifests
/// @param staging  tables that are to be published
/// @param versions tables that were published; never changed
/// @param live     where people read each dataset; others may have tables there too
/// @param layout   what is in them
public record Schemas(String catalog, String staging, String versions, String live, TableLayout layout) {
    /// Bytes of the longest name that PostgreSQL keeps whole (its manual, 4.1.1).
    static final int LONGEST_NAME = 63;

    private static final int STEM = 20;
    private static final int CUT = 40;
    private static final int CUT_DIGEST = 22;

    /// The usual names.
    public static final Schemas USUAL = named("belay", "public");

    /// @throws IllegalArgumentException when two are the same, or one is too long
    public Schemas {
        List<String> all = List.of(catalog, staging, versions, live);
        if (all.stream().distinct().count() != all.size()) {
            throw new IllegalArgumentException("a datastore needs four different schemas, not " + all);
        }
        for (String name : all) {
            if (name.isEmpty() || name.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
                throw new IllegalArgumentException(
                        "the name of a schema has 1 to %d bytes, not \"%s\"".formatted(LONGEST_NAME, name));
            }
        }
    }

    /// Schemas of ours that begin with one word.
    public static Schemas named(String stem, String live) {
        return new Schemas(stem, stem + "_staging", stem + "_versions", live, TableLayout.BELAY);
    }

    /// The same schemas with another layout.
    public Schemas laidOut(TableLayout other) {
        return new Schemas(catalog, staging, versions, live, other);
    }

    /// @param random for pauses; safe for many threads
    Layout tables(RandomGenerator random) {
        return switch (layout) {
            case BELAY -> new LiveView(this, random);
            case CKAN -> new CkanLayout(this, random);
        };
    }

    /// The table of a version: the beginning of its dataset's name, for people; the number; the commit's
    /// id, which begins with the operation's. At most 60 bytes, of ASCII.
    static String table(DatasetId dataset, int version, CommitId commit) {
        String stem =
                dataset.value().substring(0, Math.min(STEM, dataset.value().length()));
        return stem + "-" + version + "-" + commit;
    }

    static String table(StagingPlan plan) {
        return table(plan.dataset(), plan.version(), plan.commit());
    }

    /// The name of a dataset's view: its id, and of one that is too long its beginning and its digest after
    /// a `~`, which no id holds.
    static String view(DatasetId dataset) {
        String id = dataset.value();
        return id.length() <= LONGEST_NAME
                ? id
                : id.substring(0, CUT) + "~"
                        + Sha256.of(id.getBytes(StandardCharsets.US_ASCII))
                                .hex()
                                .substring(0, CUT_DIGEST);
    }

    String staged(String table) {
        return SqlNames.quoted(staging) + "." + SqlNames.quoted(table);
    }

    String published(String table) {
        return SqlNames.quoted(versions) + "." + SqlNames.quoted(table);
    }

    String published(Commit commit) {
        return published(table(commit.dataset(), commit.version(), commit.id()));
    }

    String live(DatasetId dataset) {
        return SqlNames.quoted(live) + "." + SqlNames.quoted(view(dataset));
    }
}
