package dev.belay.format;

import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.hardwood.HardwoodContext;
import dev.hardwood.InputFile;
import dev.hardwood.metadata.ColumnChunk;
import dev.hardwood.metadata.RowGroup;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.RowReader;
import dev.hardwood.schema.SchemaNode;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;

/// The rows of a Parquet file, by the Hardwood library. Types become the text of which the reader infers them again;
/// values that have values in them become JSON, bytes hexadecimal digits.
///
/// What the file says of its sizes is checked before anything is unpacked; whatever the library throws on a file that
/// makes no sense is the file's fault.
final class ParquetTable {
    private static final int THREADS = 1;
    private static final long LARGEST_CHUNK = 1L << 30;

    private final FormatLimits limits;
    private final Pulse pulse;

    ParquetTable(FormatLimits limits, Pulse pulse) {
        this.limits = limits;
        this.pulse = pulse;
    }

    /// @param target the text to be written; killed half-way there is a part of it
    void write(Path file, Path target) throws JobFailure, IOException {
        try (HardwoodContext context = HardwoodContext.create(THREADS);
                ParquetFileReader reader = open(file, context);
                var out = new CanonicalText(target, limits)) {
            List<SchemaNode> columns = reader.getFileSchema().getRootNode().children();
            refuse(columns.size(), reader.getFileMetaData().rowGroups());
            out.header(columns.stream().map(SchemaNode::name).toList());
            try (RowReader rows = reader.rowReader()) {
                while (rows.hasNext()) {
                    rows.next();
                    pulse.at(out.records());
                    row(rows, columns.size(), out);
                }
            }
        } catch (RuntimeException | OutOfMemoryError broken) {
            throw corrupt(broken);
        }
    }

    private static ParquetFileReader open(Path file, HardwoodContext context) throws JobFailure, IOException {
        try {
            return ParquetFileReader.open(InputFile.of(file), context);
        } catch (FileSystemException trouble) {
            throw trouble;
        } catch (IOException broken) {
            throw corrupt(broken);
        }
    }

    private void row(RowReader rows, int columns, CanonicalText out) throws JobFailure, IOException {
        for (int column = 0; column < columns; column++) {
            if (rows.isNull(column)) {
                out.nothing();
            } else {
                out.value(ParquetValues.text(rows.getValue(column)));
            }
        }
        out.end();
    }

    private void refuse(int columns, List<RowGroup> groups) throws JobFailure {
        if (columns == 0) {
            throw JobFailure.permanent(FailureCode.EMPTY_FILE, "the Parquet file has no columns");
        }
        if (columns > limits.columns()) {
            throw JobFailure.permanent(
                    FailureCode.TOO_MANY_COLUMNS,
                    "the Parquet file has %d columns, more than limits.columns (%d)"
                            .formatted(columns, limits.columns()));
        }
        long total = 0;
        for (RowGroup group : groups) {
            for (ColumnChunk chunk : group.columns()) {
                long size = chunk.metaData().totalUncompressedSize();
                total += size;
                if (size < 0 || size > LARGEST_CHUNK) {
                    throw corrupt(
                            "a chunk of a column has %,d bytes, at most %,d are read".formatted(size, LARGEST_CHUNK));
                }
            }
        }
        if (total > limits.unpackedBytes()) {
            throw JobFailure.permanent(
                    FailureCode.DECOMPRESSION_LIMIT,
                    "the Parquet file has %,d bytes unpacked, more than limits.unpackedBytes (%,d)"
                            .formatted(total, limits.unpackedBytes()));
        }
    }

    private static JobFailure corrupt(Throwable broken) {
        return new JobFailure(corrupt("its pages make no sense").failure(), broken);
    }

    private static JobFailure corrupt(String why) {
        return JobFailure.permanent(FailureCode.PARQUET_CORRUPT, "the Parquet file cannot be read: " + why);
    }
}
