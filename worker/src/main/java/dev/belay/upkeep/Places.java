package dev.belay.upkeep;

import java.nio.file.Path;

/// Where the stores of an installation are.
///
/// @param root      the data folder: stash, workspaces, locks
/// @param journal   the folder of `journal.db`
/// @param datastore the folder of `catalog.db` and version files
/// @param stash     the folder of stashed dictionaries
/// @param work      the folder of fetched files
public record Places(Path root, Path journal, Path datastore, Path stash, Path work) {}
