package dev.belay.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.belay.kit.FaultRow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The table of faults in `docs/guarantees.md` and the tests that say they prove its rows ([FaultRow]) agree.
///
/// The last cell of a row names test classes, or begins with "not yet" and says why. What fails is printed as the line
/// to put in its place.
class FaultTableTest {
    private static final String NOT_YET = "not yet";
    private static final Pattern ROW = Pattern.compile("\\| ([A-Z][0-9]) \\|(.*)\\| ([^|]*) \\|");
    private static final Pattern NAMED = Pattern.compile("`([a-z/]*[A-Z]\\w*)`");

    /// Tests are what lies where this class does, however the build calls that folder.
    private static final ImportOption TESTS_ONLY = location -> location.contains(FaultTableTest.class
            .getProtectionDomain()
            .getCodeSource()
            .getLocation()
            .getPath());

    private static final JavaClasses TESTS =
            new ClassFileImporter().withImportOption(TESTS_ONLY).importPackages("dev.belay");
    private static final Map<String, Row> TABLE = table();
    private static final Map<String, SortedSet<String>> PROOFS = proofs();

    /// @param before everything between the id and the last cell
    private record Row(String id, String before, String proof) {
        boolean applies() {
            return !proof.startsWith(NOT_YET);
        }

        List<String> tests() {
            return NAMED.matcher(proof).results().map(found -> found.group(1)).toList();
        }

        String with(SortedSet<String> tests) {
            return "| %s |%s| %s |".formatted(id, before, cell(tests));
        }
    }

    @Test
    void everyRowThatAppliesNamesTestsThatSayTheyProveIt() {
        var wrong = new ArrayList<String>();
        TABLE.values().stream().filter(Row::applies).forEach(row -> {
            SortedSet<String> known = PROOFS.getOrDefault(row.id(), new TreeSet<>());
            if (row.tests().isEmpty() || !known.containsAll(row.tests())) {
                wrong.add(
                        known.isEmpty()
                                ? "no test has @FaultRow(\"%s\"): write one, or say \"%s\" and why"
                                        .formatted(row.id(), NOT_YET)
                                : row.with(known));
            }
        });
        assertThat(wrong).as("rows of docs/guarantees.md, as they should be").isEmpty();
    }

    @Test
    void everyTestThatProvesARowProvesOneThatApplies() {
        var wrong = new ArrayList<String>();
        PROOFS.forEach((id, tests) -> {
            Row row = TABLE.get(id);
            if (row == null) {
                wrong.add("no row %s, which %s would prove".formatted(id, tests));
            } else if (!row.applies()) {
                wrong.add(row.with(tests));
            }
        });
        assertThat(wrong).as("rows of docs/guarantees.md, as they should be").isEmpty();
    }

    @Test
    void thePageNamesOnlyTestsThatExist() {
        var there = TESTS.stream().map(FaultTableTest::shown).collect(Collectors.toSet());
        assertThat(Repository.lines("docs/guarantees.md").stream()
                        .flatMap(line -> NAMED.matcher(line).results())
                        .map(found -> found.group(1))
                        .filter(name -> name.matches(".*(Test|Contract|Properties|AtRest)"))
                        .filter(name -> !there.contains(name)))
                .isEmpty();
    }

    @Test
    void theTableIsRead() {
        assertThat(TABLE).hasSizeGreaterThan(60).containsKeys("J1", "N1");
        assertThat(PROOFS).hasSizeGreaterThan(40);
    }

    private static Map<String, Row> table() {
        var rows = new LinkedHashMap<String, Row>();
        for (String line : Repository.lines("docs/guarantees.md")) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                var read = new Row(row.group(1), row.group(2), row.group(3));
                assertThat(rows.put(read.id(), read))
                        .as("a second row %s", read.id())
                        .isNull();
            }
        }
        return rows;
    }

    private static Map<String, SortedSet<String>> proofs() {
        var proofs = new TreeMap<String, SortedSet<String>>();
        for (JavaClass test : TESTS) {
            test.tryGetAnnotationOfType(FaultRow.class).ifPresent(rows -> add(proofs, rows, test));
            for (JavaMethod method : test.getMethods()) {
                method.tryGetAnnotationOfType(FaultRow.class).ifPresent(rows -> add(proofs, rows, test));
            }
        }
        return proofs;
    }

    private static void add(Map<String, SortedSet<String>> proofs, FaultRow rows, JavaClass test) {
        for (String id : rows.value()) {
            proofs.computeIfAbsent(id, _ -> new TreeSet<>()).add(shown(test));
        }
    }

    /// As pages name tests: with the folder below that of all tests.
    private static String shown(JavaClass test) {
        return test.getName()
                .replace("dev.belay.", "")
                .replaceFirst("\\$.*", "")
                .replace('.', '/');
    }

    private static String cell(SortedSet<String> tests) {
        return tests.stream().map("`%s`"::formatted).collect(Collectors.joining(", "));
    }
}
