package dev.belay.fault;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The enum and the code name the same steps.
final class PointsInCodeTest {
    @Test
    void noPointIsNamedThatNoCodePasses() {
        var passed = new TreeSet<String>();
        for (JavaClass code : new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("dev.belay")) {
            if (!code.getPackageName().equals(FaultPoint.class.getPackageName())) {
                code.getFieldAccessesFromSelf().stream()
                        .filter(access -> access.getTargetOwner().isEquivalentTo(FaultPoint.class))
                        .forEach(access -> passed.add(access.getName()));
            }
        }

        assertThat(passed)
                .isEqualTo(Arrays.stream(FaultPoint.values())
                        .map(Enum::name)
                        .collect(Collectors.toCollection(TreeSet::new)));
    }
}
