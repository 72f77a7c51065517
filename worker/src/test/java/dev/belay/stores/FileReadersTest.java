package dev.belay.stores;

import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;

final class FileReadersTest extends StoreReadersContract {
    @TempDir
    private Path folder = Path.of("");

    @Override
    StorePlaces empty() {
        return new StorePlaces(folder, new StorePlace.Folder(folder), new StorePlace.Folder(folder), new Random(1));
    }

    @Override
    boolean hasFiles() {
        return true;
    }
}
