package dev.belay.job;

/// Every failure Belay can name. The names are a contract: they never change their meaning;
/// `docs/failure-codes.md` lists them all.
public enum FailureCode {
    // The job message
    JOB_INVALID("The message is not a valid job.", "Mend the fields named by their JSON pointers and send it again."),
    JOB_TOO_LARGE(
            "The message is larger than `limits.messageBytes`.",
            "Send a job, not the data; raise the limit if it is right."),
    JOB_ID_CONFLICT(
            "A different job with this id was accepted before; the first one stands.",
            "Send it again under a new jobId."),
    KEY_COLUMN_MISSING("A key column is not in the file.", "Name a column of the file; the message lists them."),
    VERSION_NOT_FOUND(
            "The version to restore is not kept any more, or never was.",
            "`belay datasets history DATASET` lists what is kept."),
    JOB_NOT_FOUND(
            "The journal knows no job of this id, or several whose ids begin so.",
            "`belay jobs list` shows the newest jobs."),
    DATASET_NOT_FOUND("There is no dataset of this name.", "`belay datasets list` shows what there is."),

    // Fetching
    SOURCE_NOT_FOUND("The source does not exist.", "Check the path or URL, then `belay jobs retry JOB`."),
    SOURCE_FORBIDDEN(
            "The file is outside the folders jobs may read from.",
            "Add its folder to `source.roots`, or load it with `belay run`."),
    SOURCE_NOT_REGULAR("The source is a folder, device or pipe, not a file.", "Name a regular file."),
    SOURCE_UNREADABLE(
            "The file exists but the worker may not read it.", "Give the worker's user the right to read it."),
    SOURCE_TOO_LARGE("The source is larger than `limits.sourceBytes`.", "Raise the limit, or split the file."),
    SOURCE_DIGEST_MISMATCH(
            "The file is not the one the producer meant: its SHA-256 differs.",
            "Send the job with the digest of the file that is there now."),
    SOURCE_CHANGED(
            "The file changed while it was being read.",
            "Load it when its writer is done; the job is retried by itself."),
    URL_INVALID(
            "The URL cannot be understood in one way only.",
            "Write a plain URL without spaces, backslashes or control characters."),
    URL_INVALID_HOST(
            "The host is not a plain name or address.",
            "Write addresses as four decimal numbers or as IPv6 in brackets."),
    URL_SCHEME("The URL's scheme is not allowed.", "Use a path, file:, http: or https:."),
    URL_USERINFO("The URL holds a user name or password.", "Credentials never belong in a URL: remove them."),
    URL_PORT("The URL's port is not allowed.", "Use 80 or 443, or list the port in `source.http.ports`."),
    URL_FORBIDDEN_ADDRESS(
            "The host is, or resolves to, an address jobs may not reach.",
            "List the host in `source.http.allow` if it is meant."),
    URL_DOWNGRADE("The server redirects from https to http.", "Use the final address if it is trusted."),
    HTTP_TOO_MANY_REDIRECTS("The server redirects more than 5 times.", "Use the final address."),
    HTTP_NOT_FOUND("The server says the file is not there (404 or 410).", "Check the URL."),
    HTTP_FORBIDDEN("The server refuses access (401 or 403).", "Ask the file's owner for access."),
    HTTP_REJECTED("The server refuses the request with another 4xx status.", "See the status in the message."),
    HTTP_UNAVAILABLE("The server cannot answer now (408, 429 or 5xx).", "Nothing: it is retried by itself."),
    HTTP_CONNECT("The host cannot be found or reached.", "Check the name; it is retried by itself."),
    HTTP_TIMEOUT("The server did not answer within `source.http.timeout`.", "Nothing: it is retried by itself."),
    HTTP_BODY_TIMEOUT(
            "The body came slower than `source.http.bodyTimeout` allows.",
            "Raise the limit if the server is known to be slow."),
    HTTP_TRUNCATED("The body ended before its announced length.", "Nothing: it is retried by itself."),
    HTTP_HEADERS_TOO_LARGE("The response's headers exceed the limit.", "The server is broken or hostile."),
    HTTP_ENCODING_UNSUPPORTED("The body has a content encoding that was not asked for.", "Serve the file as it is."),
    HTTP_PROTOCOL("The server's answer is not HTTP as it should be.", "The server is broken or hostile."),
    TLS_FAILED(
            "The server's certificate is not trusted for this host.",
            "Renew the certificate, or add its authority to the JDK's trust store."),

    // Reading
    EMPTY_FILE("The file has no header and no rows.", "Load it when there is something in it."),
    NOT_TABULAR(
            "The file is not a table but something else, named in the message.",
            "Load a CSV or other delimited text file."),
    FORMAT_MISMATCH(
            "The file is not of the format that `read.format` names.",
            "Name the right one, or leave it out: it is found out from the bytes."),
    ENCODING_INVALID(
            "Bytes of the file are not text in its encoding.",
            "Save it as UTF-8, or name its encoding in `read.encoding`."),
    ENCODING_UNSUPPORTED("The named encoding is not known.", "Use an IANA charset name such as windows-1252."),
    ENCODING_AMBIGUOUS(
            "The text is not UTF-8, and its bytes do not say surely enough what it is.",
            "Name its encoding in `read.encoding`; the message lists candidates."),
    ARCHIVE_CORRUPT(
            "Packed data are cut off, damaged, or followed by something else.",
            "Fetch or pack the file again and test it with its own tool."),
    ARCHIVE_EMPTY("The archive holds no file that may be a table.", "Pack the table."),
    ARCHIVE_AMBIGUOUS(
            "The archive holds several files that may be the table.",
            "Name one in `read.member`; the message lists them."),
    ARCHIVE_MEMBER_NOT_FOUND(
            "The archive holds no file of the name in `read.member`.", "Name one of the files the message lists."),
    ARCHIVE_ENCRYPTED("The file in the archive is encrypted.", "Pack it without a password."),
    ARCHIVE_UNSAFE(
            "The archive has names twice or files that share bytes, so that readers understand it differently.",
            "Pack the file again with a common tool."),
    ARCHIVE_UNSUPPORTED(
            "The file in the archive is packed by a method that is not read here.",
            "Pack it with deflate, the common method."),
    ARCHIVE_TOO_DEEP("There are more wrappers around one another than `limits.archiveDepth`.", "Pack the table once."),
    ARCHIVE_TOO_MANY_ENTRIES(
            "The archive holds more files than `limits.archiveEntries`.", "Pack the table alone, or raise the limit."),
    DECOMPRESSION_LIMIT(
            "Unpacked or written out, the file is larger than `limits.unpackedBytes` or `limits.unpackRatio` allow.",
            "Raise the limit if the file is known to be honest."),
    JSON_SYNTAX("The text is no JSON at the named place.", "Mend it there; JSON Lines lose only the bad line."),
    JSON_SHAPE(
            "The JSON is no table: neither objects nor arrays of values one after the other.",
            "Write one object for each row, or name the member that holds the rows in `read.member`."),
    JSON_DEPTH("JSON values stand deeper in one another than `limits.jsonDepth`.", "Raise the limit if it is right."),
    WORKBOOK_CORRUPT("The workbook contradicts itself or breaks off.", "Open it in its own program and save it again."),
    WORKBOOK_ENCRYPTED("The workbook has a password.", "Save it without one."),
    WORKBOOK_UNSAFE(
            "The workbook has a document type declaration, as attacks have and programs never write.",
            "Find out who made the file."),
    WORKBOOK_UNSUPPORTED(
            "The workbook is in a format that is not read.", "Save it as XLSX, ODS or XLS (97 and later)."),
    WORKBOOK_NO_TABLE("No visible sheet of the workbook has cells.", "Name a hidden one in `read.sheet`, or mend it."),
    PARQUET_CORRUPT("The Parquet file contradicts itself or breaks off.", "Write it again with its own program."),
    SHEET_NOT_FOUND(
            "The workbook has no sheet of the name or number in `read.sheet`.", "The message lists the sheets."),
    HEADER_ROW_NOT_FOUND("The file has no line that `read.headerRow` names.", "Name a line of the file."),
    CSV_UNCLOSED_QUOTE("A quoted field never ends.", "Mend the quote at the named line."),
    CSV_QUOTE(
            "Text stands between a closing quote and the next delimiter.",
            "Double the quotes inside the field at the named place."),
    FIELD_TOO_LARGE("A field is larger than `limits.fieldBytes`.", "Raise the limit, or look for a missing quote."),
    ROW_TOO_LARGE("A record is larger than `limits.recordBytes`.", "Raise the limit, or look for a missing line end."),
    TOO_MANY_COLUMNS("The file has more columns than `limits.columns`.", "Check the delimiter, or load fewer columns."),
    TOO_MANY_REJECTED(
            "More records were rejected than the job's `rules.maxRejectedRatio` allows.",
            "Mend the rows the message names, or raise the ratio."),
    KEY_NOT_UNIQUE(
            "Two rows have the same key.",
            "Choose another key, leave out duplicates (rules.dedupe), or use mode upsert, where the last row wins."),
    KEY_NULL("A row has no value in a key column.", "Mend the row, or choose another key."),
    TYPE_OVERRIDE_VIOLATED(
            "Values do not fit the type that the dictionary gives their column.",
            "Mend the values, or change the type with `belay dictionary set`."),
    SCREENED(
            "Values look like personal data, and the job's or the worker's rule is to block them.",
            "Take the columns out of the file, or send the job with `rules.screen` report if they may be loaded."),
    REVIEW_REJECTED(
            "A person has rejected the job in a review.",
            "The message says who and why. Mend the file and send the job again."),
    REVIEW_EXPIRED(
            "Nobody approved or rejected the job within `screen.reviewWithin`.", "`belay jobs retry JOB` asks again."),
    REVIEW_NOT_OPEN(
            "A decision came for a job that does not wait for one.", "`belay jobs show JOB` says what became of it."),
    ROW_BALANCE(
            "Records read are not records loaded, rejected and deduplicated: a defect of ours, nothing was published.",
            "Please report it with the job's event."),

    // Dictionary and stash
    DICTIONARY_INVALID("The dictionary is not a valid Table Schema.", "Mend the fields named by their JSON pointers."),
    COLUMN_NOT_FOUND("There is no column of this name.", "`belay dictionary show DATASET` lists the columns."),
    STASH_WRITE_FAILED(
            "The dictionary could not be copied to safety, so nothing was deleted.",
            "Make room or mend the rights of the stash folder; it is retried by itself."),
    STASH_CORRUPT(
            "A stashed dictionary does not match its digest; it was moved to quarantine.",
            "`belay stash list` shows it."),

    // Journal and datastore
    STORE_READ_ONLY(
            "The data folder cannot be written.",
            "Give the worker's user the right to write it, or choose another with --data."),
    STORE_FORBIDDEN(
            "The database refuses the worker's user, or is not there, or a right is missing.",
            "Check that the database, the user, its password and its grants are as docs/postgresql.md says."),
    STORE_TLS_FAILED(
            "The TLS connection to the database cannot be made.",
            "Check sslmode and sslrootcert in the URL of the store, and the names in the server's certificate."),
    OBJECT_IN_THE_WAY(
            "Something that others have made in the database stands in the way of a version: a table or view of the dataset's name, or views that hang on columns which change.",
            "Rename or drop what the message names; a job that waits goes on by itself, one that has failed is sent again by `belay jobs retry JOB`."),
    READERS_IN_THE_WAY(
            "Others have been reading the dataset in one transaction for so long that its next version could not take its place.",
            "End the transaction that the message speaks of; the job waits and goes on by itself, other datasets do not wait."),
    STORE_UNAVAILABLE(
            "The datastore or the journal cannot be used just now.",
            "`belay doctor` names the reason; the job waits and goes on by itself."),
    STORE_CORRUPT(
            "A file of the datastore or the journal is damaged or not ours.",
            "Keep every byte; `belay repair` shows what can be mended, else restore a backup of the whole folder."),
    CATALOG_LOST(
            "The catalog is gone although datasets or a journal are there; nothing was made anew.",
            "`belay repair` shows what comes back from the version files and the journal."),
    JOURNAL_LOST(
            "The journal is gone although there is a catalog; nothing was made anew.",
            "Give the file back, or see what `belay repair` says about going on without it."),
    STORES_DISAGREE(
            "Journal and catalog are not of the same moment: one of them was set back.",
            "Give back the newer file with its `-wal`, or see what `belay repair` says."),
    DISK_FULL("There is no room left on the disk.", "Free some space; what waits goes on by itself."),
    JOURNAL_TOO_NEW(
            "The journal or catalog was written by a newer Belay.",
            "Upgrade this worker; commands that only read still work."),
    FOREIGN_JOURNAL(
            "The partition was last owned by a worker with another journal.",
            "Workers of one group must share one journal: see `journal.url`."),
    FOREIGN_DATASTORE(
            "The datastore belongs to another journal, or the journal to another datastore.",
            "Check `journal.url` and `datastore.url`; `belay repair` shows how to bring the two together for good."),
    HEAD_MOVED(
            "Another version was published while this one was being made; the other stays.",
            "The job is retried on the new version."),
    UNVERIFIABLE(
            "A staged object is not what its manifest says; the dataset is set aside, every byte is kept.",
            "Compare the object named in the message, then see docs/operations.md."),
    DATASET_QUARANTINED(
            "The dataset is set aside until someone decides.",
            "`belay datasets show DATASET` says why and which attempt."),

    // The worker and its surroundings
    WORKER_CRASHED(
            "The worker died while it ran this job, as often as the job may be tried.",
            "Look for the reason in the worker's log (memory?), then `belay jobs retry JOB`."),
    WORKER_STOPPED("The worker was stopped before the job was done.", "Nothing: it goes on with the next worker."),
    BROKER_UNREACHABLE("Kafka cannot be reached.", "Check `kafka.bootstrap.servers`; `belay doctor` tries it."),
    BROKER_TLS_FAILED(
            "The TLS connection to Kafka cannot be made, or one side speaks TLS and the other does not.",
            "Check `kafka.security.protocol`, `kafka.ssl.truststore.location` and the names in the broker's certificate; `belay doctor` tries it."),
    BROKER_FORBIDDEN(
            "Kafka refuses the worker's user, its password or one of its rights.",
            "Check `kafka.sasl.*` and the rights that docs/operations.md lists; `belay doctor` tries it."),
    BROKER_START_FAILED("The embedded broker did not start.", "See the end of its log in the message."),
    TOPICS_MISSING(
            "Topics are missing or have other settings.",
            "`belay topics create` makes them, `belay topics check` compares them."),
    PORT_BUSY("The port is in use by another process.", "Choose another with the named setting, or stop that process."),
    SETTINGS_INVALID(
            "A setting is unknown or has a value that is not allowed.",
            "`belay config` lists all settings with their values and origins."),
    DATA_FOLDER_IN_USE(
            "Another Belay process works on this data folder.",
            "Wait for it or stop it, or choose another folder with --data."),
    INTERNAL("A defect of ours. Nothing was published.", "Please report it with the log of the worker.");

    private final String meaning;
    private final String advice;

    FailureCode(String meaning, String advice) {
        this.meaning = meaning;
        this.advice = advice;
    }

    /// What happened and what the worker did about it, in a sentence.
    public String meaning() {
        return meaning;
    }

    /// What the reader does, in a sentence.
    public String advice() {
        return advice;
    }
}
