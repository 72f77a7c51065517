package dev.belay.format;

import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// Chooses the file of an archive that holds the table: the one the job names, else the only one that may be a table.
/// Several are a choice that nobody here makes.
final class Members {
    private static final int SHOWN = 20;
    private static final String TABLE =
            "(csv|tsv|tab|psv|ssv|txt|dat|json|jsonl|ndjson|geojson|xlsx|xlsm|xls|ods|parquet|pq)";
    private static final String PACKED = "(\\.(gz|zst|bz2|xz|zip))?";
    private static final String CONTAINER = "(zip|tar|tgz|tbz2?|txz|gz|zst|bz2|xz)";
    // What people lay beside a table: not chosen when there is something better.
    private static final String PROSE = "(readme|license|licence|copying|notice|changelog)[^/]*|[^/]*\\.(md|txt)";

    private Members() {}

    /// @param archive what it is called in messages
    /// @param names   of its files, no folders
    /// @param wanted  the name the job gives
    /// @return the place of the chosen one in the list
    static int choose(String archive, List<String> names, Optional<String> wanted) throws JobFailure {
        if (names.isEmpty()) {
            throw JobFailure.permanent(FailureCode.ARCHIVE_EMPTY, "%s holds no file".formatted(archive));
        }
        if (wanted.isPresent()) {
            int found = named(names, wanted.get());
            if (found >= 0) {
                return found;
            }
        }
        List<String> tables = candidates(names);
        if (tables.size() == 1 && (wanted.isEmpty() || isContainer(tables.getFirst()))) {
            return names.indexOf(tables.getFirst());
        }
        if (wanted.isPresent()) {
            throw JobFailure.permanent(
                    FailureCode.ARCHIVE_MEMBER_NOT_FOUND,
                    "%s holds no file %s (read.member), but %s"
                            .formatted(archive, Quoted.of(wanted.get()), shown(names)));
        }
        if (tables.isEmpty()) {
            throw JobFailure.permanent(
                    FailureCode.ARCHIVE_EMPTY, "%s holds no table, but %s".formatted(archive, shown(names)));
        }
        throw JobFailure.permanent(
                FailureCode.ARCHIVE_AMBIGUOUS,
                "%s holds %d files that may be the table; name one as read.member: %s"
                        .formatted(archive, tables.size(), shown(tables)));
    }

    private static int named(List<String> names, String wanted) {
        int exact = names.indexOf(wanted);
        if (exact >= 0) {
            return exact;
        }
        List<String> ending =
                names.stream().filter(name -> name.endsWith("/" + wanted)).toList();
        return ending.size() == 1 ? names.indexOf(ending.getFirst()) : -1;
    }

    private static List<String> candidates(List<String> names) {
        List<String> files = names.stream().filter(name -> !isHidden(name)).toList();
        List<String> tables = files.stream()
                .filter(name -> lastPart(name).matches(".*\\." + TABLE + PACKED)
                        || lastPart(name).matches(".*\\." + CONTAINER))
                .toList();
        List<String> better =
                tables.stream().filter(name -> !lastPart(name).matches(PROSE)).toList();
        if (!better.isEmpty()) {
            return better;
        }
        // A lone file is the table whatever it is called.
        return tables.isEmpty() && files.size() == 1 ? files : tables;
    }

    private static boolean isContainer(String name) {
        return lastPart(name).matches(".*\\." + CONTAINER);
    }

    private static boolean isHidden(String name) {
        return name.startsWith("__MACOSX/") || lastPart(name).startsWith(".");
    }

    private static String lastPart(String name) {
        return name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1)
                .toLowerCase(Locale.ROOT);
    }

    private static String shown(List<String> names) {
        String list = names.stream().limit(SHOWN).map(Quoted::of).collect(Collectors.joining(", "));
        return names.size() > SHOWN ? list + " and %d more".formatted(names.size() - SHOWN) : list;
    }
}
