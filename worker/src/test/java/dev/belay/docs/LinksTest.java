package dev.belay.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class LinksTest {
    private static final Pattern LINK = Pattern.compile("\\[[^\\]\\[]*]\\(([^)\\s]+)\\)");

    @Test
    void everyRelativeLinkLeadsToAFileAndEveryFragmentToAHeading() {
        var broken = new ArrayList<String>();
        for (Path page : Repository.markdown()) {
            var links = LINK.matcher(withoutCode(Repository.text(page)));
            while (links.find()) {
                String link = links.group(1);
                if (!link.matches("[a-z]+:.*") && !leadsSomewhere(page, link)) {
                    broken.add("%s: %s".formatted(Repository.root().relativize(page), link));
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    private static boolean leadsSomewhere(Path page, String link) {
        String[] parts = link.split("#", 2);
        Path target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
        return Files.exists(target)
                && target.startsWith(Repository.root())
                && (parts.length == 1 || anchors(target).contains(parts[1]));
    }

    /// As GitHub makes them.
    private static List<String> anchors(Path page) {
        return Repository.text(page)
                .lines()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("^#+ *", "")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-'))
                .toList();
    }

    private static String withoutCode(String text) {
        return text.replaceAll("(?s)```.*?```", "").replaceAll("`[^`\n]*`", "");
    }
}
