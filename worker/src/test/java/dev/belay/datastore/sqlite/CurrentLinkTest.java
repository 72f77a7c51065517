package dev.belay.datastore.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CurrentLinkTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void leadsToTheNewestVersionInEveryWay(int firstWay) throws Exception {
        var link = new CurrentLink(CurrentLink.WAYS.subList(firstWay, CurrentLink.WAYS.size()));
        Path one = Files.writeString(folder.resolve("1.sqlite"), "one");
        Path two = Files.writeString(folder.resolve("2.sqlite"), "two");
        Path current = folder.resolve(CurrentLink.NAME);

        assertThat(CurrentLink.leadsTo(folder, one)).isFalse();
        link.pointTo(folder, one);
        link.pointTo(folder, one);
        assertThat(current).hasContent("one");
        assertThat(CurrentLink.leadsTo(folder, one)).isTrue();
        assertThat(CurrentLink.leadsTo(folder, two)).isFalse();
        assertThat(CurrentLink.leadsTo(folder, folder.resolve("gone.sqlite"))).isFalse();
        link.pointTo(folder, two);
        assertThat(current).hasContent("two");
        assertThat(one).hasContent("one");

        link.remove(folder);
        link.remove(folder);
        assertThat(current).doesNotExist();
        assertThat(folder.resolve(CurrentLink.NAME + ".partial")).doesNotExist();
    }

    @Test
    void removesWhatAKilledOneLeft() throws Exception {
        Path one = Files.writeString(folder.resolve("1.sqlite"), "one");
        Files.writeString(folder.resolve(CurrentLink.NAME + ".partial"), "half");

        new CurrentLink(CurrentLink.WAYS).pointTo(folder, one);

        assertThat(folder.resolve(CurrentLink.NAME)).hasContent("one");
        assertThat(folder.resolve(CurrentLink.NAME + ".partial")).doesNotExist();
    }

    @Test
    void replacesALinkThatLeadsNowhere() throws Exception {
        Files.createSymbolicLink(folder.resolve(CurrentLink.NAME), Path.of("gone.sqlite"));
        Path one = Files.writeString(folder.resolve("1.sqlite"), "one");

        new CurrentLink(CurrentLink.WAYS).pointTo(folder, one);

        assertThat(folder.resolve(CurrentLink.NAME)).hasContent("one");
    }

    @Test
    void saysSoWhenNoWayWorks() throws Exception {
        Path folderOfFolders = Files.createDirectory(folder.resolve(CurrentLink.NAME));
        Files.writeString(folderOfFolders.resolve("x"), "in the way");
        Path one = Files.writeString(folder.resolve("1.sqlite"), "one");

        assertThatThrownBy(() -> new CurrentLink(CurrentLink.WAYS).pointTo(folder, one))
                .isInstanceOf(IOException.class);
    }
}
