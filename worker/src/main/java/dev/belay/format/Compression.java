package dev.belay.format;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.tukaani.xz.XZInputStream;

/// How one file is packed by itself.
enum Compression {
    GZIP {
        @Override
        InputStream open(InputStream packed) throws IOException {
            return new GzipStream(packed);
        }
    },
    ZSTD {
        @Override
        InputStream open(InputStream packed) throws IOException {
            return new ZstdInputStream(packed).setLongMax(ZSTD_WINDOW_LOG);
        }
    },
    BZIP2 {
        @Override
        InputStream open(InputStream packed) throws IOException {
            return new BZip2CompressorInputStream(new BufferedInputStream(packed, 1 << 16), true);
        }
    },
    XZ {
        @Override
        InputStream open(InputStream packed) throws IOException {
            return new XZInputStream(packed, XZ_MEMORY_KIB);
        }
    };

    // The largest windows that the formats' own tools take without being asked: 128 MiB.
    private static final int ZSTD_WINDOW_LOG = 27;
    private static final int XZ_MEMORY_KIB = 128 << 10;

    /// The bytes unpacked; every stream or member that follows another belongs to them.
    ///
    /// @throws IOException when they are not packed so
    abstract InputStream open(InputStream packed) throws IOException;

    String shown() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
