package dev.belay.runtime.logging;

import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.rolling.RollingPolicy;
import ch.qos.logback.core.rolling.RolloverFailure;
import ch.qos.logback.core.rolling.helper.CompressionMode;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// Keeps older log files as `belay.log.1` (the newest) to `belay.log.N`.
///
/// Logback's own policy reads the name as a pattern and fails on folders with a per cent sign.
final class NumberedFiles extends ContextAwareBase implements RollingPolicy {
    private final Path active;
    private final int kept;
    private volatile boolean started;

    /// @param kept how many older files stay
    NumberedFiles(Path active, int kept) {
        this.active = active;
        this.kept = kept;
    }

    @Override
    public void rollover() {
        try {
            for (int number = kept - 1; number >= 1; number--) {
                if (Files.exists(numbered(number))) {
                    Files.move(numbered(number), numbered(number + 1), StandardCopyOption.REPLACE_EXISTING);
                }
            }
            Files.move(active, numbered(1), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failed) {
            throw new RolloverFailure("the log file cannot be renamed", failed);
        }
    }

    private Path numbered(int number) {
        return active.resolveSibling(active.getFileName() + "." + number);
    }

    @Override
    public String getActiveFileName() {
        return active.toString();
    }

    @Override
    public CompressionMode getCompressionMode() {
        return CompressionMode.NONE;
    }

    @Override
    public void setParent(FileAppender<?> appender) {
        // Everything it would be asked for is known.
    }

    @Override
    public void start() {
        started = true;
    }

    @Override
    public void stop() {
        started = false;
    }

    @Override
    public boolean isStarted() {
        return started;
    }
}
