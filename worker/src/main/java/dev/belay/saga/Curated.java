package dev.belay.saga;

import dev.belay.datastore.DatasetState;
import dev.belay.datastore.Datastore;
import dev.belay.datastore.Presence;
import dev.belay.dictionary.DataDictionary;
import dev.belay.dictionary.Stash;
import dev.belay.dictionary.StashReading;
import dev.belay.job.ColumnType;
import dev.belay.job.DateOrder;
import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.JobRequest;
import dev.belay.job.NumberMarks;
import dev.belay.job.OperationId;
import dev.belay.job.Place;
import dev.belay.job.ReadOptions;
import dev.belay.tabular.NullTexts;
import dev.belay.tabular.NumberWords;
import dev.belay.tabular.Wishes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What people have written about a dataset, wherever it is now: live, or held in the stash.
///
/// @param live  the live dictionary
/// @param held  stashed copies of this incarnation, newest first
record Curated(Optional<DataDictionary> live, List<DataDictionary> held) {
    /// Reads it all. A stash of another incarnation is another dataset's and passed over; so is a copy that was left
    /// over by an attempt that has published: the live dictionary began with all it says, and what is not there any
    /// more was taken out by people.
    ///
    /// @throws JobFailure when a copy is corrupt: corrupt is not absent, someone must decide
    static Curated of(DatasetState state, Stash stash, Datastore datastore) throws JobFailure {
        Optional<DataDictionary> live = Optional.empty();
        if (state.dictionary().isPresent()) {
            live = Optional.of(DataDictionary.parse(state.dictionary().get()));
        }
        var held = new ArrayList<DataDictionary>();
        for (StashReading reading : stash.read(state.dataset())) {
            switch (reading) {
                case StashReading.Held(var entry) -> {
                    boolean same = state.incarnation().equals(Optional.of(entry.incarnation()));
                    boolean spent = live.isPresent() && hasPublished(entry.operation(), datastore);
                    if (same && !spent && state.presence() != Presence.DROPPED) {
                        held.add(DataDictionary.parse(entry.dictionary()));
                    }
                }
                case StashReading.Corrupt corrupt ->
                    throw new JobFailure(new Failure.Corrupt(
                            FailureCode.STASH_CORRUPT,
                            "a stashed dictionary of %s is corrupt (%s); it is kept in %s"
                                    .formatted(corrupt.dataset(), corrupt.reason(), corrupt.where()),
                            Place.NONE));
            }
        }
        return new Curated(live, held);
    }

    private static boolean hasPublished(OperationId operation, Datastore datastore) {
        return datastore.commit(operation.commitId()).isPresent()
                || datastore.commit(operation.rollbackId()).isPresent();
    }

    /// What people say about the values.
    Wishes wishes(JobRequest request) {
        ReadOptions read = request.read();
        var orders = new HashMap<String, DateOrder>();
        for (DataDictionary dictionary : held.reversed()) {
            orders.putAll(dictionary.dateOrders());
        }
        live.ifPresent(dictionary -> orders.putAll(dictionary.dateOrders()));
        return new Wishes(overrides(), orders, read.dateOrder(), nulls(read), numbers(read), request.overridePolicy());
    }

    private NumberWords numbers(ReadOptions read) {
        var columns = new HashMap<String, NumberMarks>();
        for (DataDictionary dictionary : held.reversed()) {
            columns.putAll(dictionary.numberMarks());
        }
        live.ifPresent(dictionary -> columns.putAll(dictionary.numberMarks()));
        return new NumberWords(read.numberMarks(), columns);
    }

    private NullTexts nulls(ReadOptions read) {
        var columns = new HashMap<String, List<String>>();
        Optional<List<String>> table = live.flatMap(DataDictionary::missingValues);
        for (DataDictionary dictionary : held.reversed()) {
            columns.putAll(dictionary.columnMissingValues());
        }
        live.ifPresent(dictionary -> columns.putAll(dictionary.columnMissingValues()));
        for (DataDictionary dictionary : held) {
            table = table.or(dictionary::missingValues);
        }
        return new NullTexts(read.nullTokens(), table.orElse(List.of()), columns);
    }

    /// The types people demand, by column; the live dictionary wins over stashed ones.
    Map<String, ColumnType> overrides() {
        var overrides = new HashMap<String, ColumnType>();
        for (DataDictionary dictionary : held.reversed()) {
            overrides.putAll(dictionary.overrides());
        }
        live.ifPresent(dictionary -> overrides.putAll(dictionary.overrides()));
        return overrides;
    }
}
