package dev.belay.datastore;

import dev.belay.job.DatasetId;
import dev.belay.job.OperationId;

/// A staged object and whose it is.
///
/// @param name what the store calls it, for people
public record StagedObject(DatasetId dataset, OperationId operation, String name) {}
