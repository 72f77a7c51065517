package dev.belay.fault;

import java.util.function.Function;

/// Every place where a durable step begins or ends. What holds under a fault at each is the table in
/// `docs/guarantees.md`; each is passed by [#before] and [#after] in the code that makes the step durable.
///
/// Off, which is the default, passing a point is a test of a constant that the compiler removes: see [Faults].
public enum FaultPoint {
    /// Journal or catalog: one step of bringing its schema up to date, with its stamp, in one transaction.
    MIGRATION_STEP,
    /// Journal or catalog: one statement inside a step's transaction.
    MIGRATION_STATEMENT,
    /// Journal or catalog: it changes to a write-ahead log, for ever.
    DATABASE_WAL,
    /// Journal or catalog: the commit itself of any transaction. Before it all statements have run and nothing is
    /// kept.
    DATABASE_COMMIT,

    /// Journal: it is given its id.
    JOURNAL_NAME,
    /// Journal: a worker says that it lives.
    JOURNAL_BEAT,
    /// Journal: a message is taken note of.
    JOURNAL_ADMIT,
    /// Journal: a dataset is claimed for a new attempt.
    JOURNAL_CLAIM,
    /// Journal: an open attempt is taken over.
    JOURNAL_SEIZE,
    /// Journal: what came of a stage, and what the next will make.
    JOURNAL_PLAN,
    /// Journal: the attempt's whole plan stands.
    JOURNAL_ARM,
    /// Journal: all effects before the pivot are done.
    JOURNAL_CONFIRM,
    /// Journal: the decision to go back.
    JOURNAL_ROLL_BACK,
    /// Journal: what came of a compensation.
    JOURNAL_UNDONE,
    /// Journal: an attempt ends, with its audit row and outgoing events.
    JOURNAL_END,
    /// Journal: a job ends that may not begin an attempt.
    JOURNAL_REFUSE,
    /// Journal: announcements are out.
    JOURNAL_ANNOUNCED,
    /// Journal: the open attempts are listed.
    JOURNAL_SCAN,
    /// Journal: a dataset is set aside.
    JOURNAL_QUARANTINE,
    /// Journal: a dataset is let go on.
    JOURNAL_RELEASE,
    /// Journal: finished jobs are forgotten.
    JOURNAL_PRUNE,

    /// Stash: a dictionary is copied to safety.
    STASH_WRITE,
    /// Stash: the copies of a dataset are read.
    STASH_READ,
    /// Stash: a copy that is not needed any more is removed.
    STASH_CLEAR,
    /// Stash: a damaged copy is moved aside.
    STASH_SET_ASIDE,
    /// Stash: people have resolved a damaged copy.
    STASH_RESOLVE,

    /// Workspace: an attempt's folder is made.
    WORKSPACE_MAKE,
    /// Source: a file's bytes arrive in the workspace, from the making of the file there to its closing.
    SOURCE_FETCH,
    /// Workspace: a block of what the search for duplicates cannot hold in memory goes to its file.
    DEDUPE_SPILL,
    /// Workspace: which of many records are left out goes to a file, from the making of the file to its closing.
    DEDUPE_MARK,
    /// Workspace: an attempt's files are removed.
    WORKSPACE_REMOVE,

    /// Datastore: the fence is raised.
    DATASTORE_FENCE,
    /// Datastore: the staged file is made, empty.
    STAGE_CREATE,
    /// Datastore: the base's file is copied to where it is built on.
    STAGE_COPY,
    /// Workspace: one chunk of rows goes to the draft of the staged file, while the source is still being examined.
    STAGE_DRAFT,
    /// Datastore: a draft becomes the staged file.
    STAGE_ADOPT,
    /// Datastore: one chunk of rows goes to the staged file: inserted in its transaction, or handed over to
    /// be written as pages.
    STAGE_CHUNK,
    /// Datastore: the manifest, and with it all rows, is committed to the staged file.
    STAGE_COMMIT,
    /// Datastore: an index is made on the staged table.
    STAGE_INDEX,
    /// Datastore: the staged file is made durable under its sealed name.
    STAGE_SEAL,
    /// Datastore: a staged file is dropped.
    STAGE_DROP,
    /// Datastore: the catalog is held still while a file that hangs on it is removed or a link moved. Nothing in it
    /// changes.
    CATALOG_HOLD,
    /// Datastore: the live table and its dictionary are deleted (in-place).
    LIVE_DELETE,
    /// Datastore: the deleted version's file is removed (in-place).
    LIVE_REMOVE,
    /// Datastore: the staged file moves to where it is published.
    PUBLISH_MOVE,
    /// Datastore: the transaction that makes it the head.
    PUBLISH_COMMIT,
    /// Datastore: the link to the head follows.
    PUBLISH_EXPOSE,
    /// Datastore: data of an old version are removed.
    VERSION_RETIRE,
    /// Datastore: people edit the live dictionary.
    DICTIONARY_EDIT,

    /// Repair: one dataset is written into a catalog that is made anew.
    REPAIR_CATALOG,
    /// Repair: the claims of a journal that is made anew are raised above the fences.
    REPAIR_JOURNAL,

    /// Disk: bytes are written to a file that must be whole.
    DISK_WRITE,
    /// Disk: a file's content is made durable.
    DISK_FSYNC,
    /// Disk: a file gets its name.
    DISK_RENAME,
    /// Disk: the names in a folder are made durable.
    DISK_FSYNC_FOLDER,
    /// Disk: a folder is made.
    DISK_MAKE_FOLDER,
    /// Disk: one file or empty folder is removed.
    DISK_REMOVE,

    /// Recovery: an open attempt was claimed and is looked at.
    RECOVERY_CLASSIFY,
    /// Recovery: what was found is acted upon.
    RECOVERY_ACT,

    /// Intake: a message is taken from a partition.
    INTAKE_TAKE,
    /// Intake: a job runs, or what an earlier owner left of it is resolved.
    INTAKE_HANDLE,
    /// Intake: events, retry and dead-letter records are written into the Kafka transaction.
    INTAKE_SEND,
    /// Intake: the offsets are added to the Kafka transaction.
    INTAKE_OFFSETS,
    /// Intake: the Kafka transaction commits.
    INTAKE_COMMIT,
    /// Intake: a producer whose transaction is in doubt is made anew.
    INTAKE_RENEW;

    /// The two sides of a durable step.
    public enum Side {
        /// Nothing of the step has happened.
        BEFORE,
        /// The step is durable; who asked for it has not heard of it.
        AFTER
    }

    /// The step is about to begin. Stands where a failed file operation is expected, because an [InjectedFault] is an
    /// [java.io.IOException].
    public void before() {
        if (Faults.ON) {
            Faults.pass(this, Side.BEFORE);
        }
    }

    /// The step is durable. Stands where [#before()] does.
    public void after() {
        if (Faults.ON) {
            Faults.pass(this, Side.AFTER);
        }
    }

    /// The step is about to begin, and fails otherwise than file operations do.
    ///
    /// @param as what an [InjectedFault] becomes: what the step itself would throw
    public <E extends Throwable> void before(Function<? super InjectedFault, E> as) throws E {
        if (Faults.ON) {
            Faults.pass(this, Side.BEFORE, as);
        }
    }

    /// The step is durable. Fails as [#before(Function)] does.
    public <E extends Throwable> void after(Function<? super InjectedFault, E> as) throws E {
        if (Faults.ON) {
            Faults.pass(this, Side.AFTER, as);
        }
    }
}
