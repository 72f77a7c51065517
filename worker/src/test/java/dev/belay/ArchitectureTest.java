package dev.belay;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The law of the rooms. `docs/style.md` says why, this table says what: a room that is not in it does not
/// exist, and one that wants another has to be given it here.
class ArchitectureTest {
    private static final String ROOT = "dev.belay";

    /// From the bottom up: each room with the rooms it may use, all of them further up in this table.
    private static final Map<String, Set<String>> ROOMS = rooms();

    /// Libraries that are kept in some rooms; what is not named here is free.
    private static final Map<String, Set<String>> LIBRARIES = Map.ofEntries(
            Map.entry("org.apache.kafka.", Set.of("intake", "runtime.broker")),
            Map.entry("kafka.", Set.of("runtime.broker")),
            Map.entry("org.apache.kafka.server.", Set.of("runtime.broker")),
            Map.entry("org.apache.kafka.metadata.", Set.of("runtime.broker")),
            Map.entry("org.apache.hc.", Set.of("source")),
            Map.entry("java.net.http.", Set.of()),
            Map.entry("com.sun.net.httpserver.", Set.of("metrics")),
            Map.entry("javax.net.ssl.", Set.of("source", "intake", "sql")),
            // The drill's readers are any SQLite client, the bench's peers any database.
            Map.entry(
                    "java.sql.",
                    Set.of(
                            "sql",
                            "datastore.sqlite",
                            "datastore.postgres",
                            "dictionary.postgres",
                            "journal.sql",
                            "journal.sqlite",
                            "drill",
                            "bench")),
            Map.entry("org.sqlite.", Set.of("sql", "datastore.sqlite")),
            Map.entry("org.postgresql.", Set.of("sql", "datastore.postgres")),
            Map.entry("com.zaxxer.hikari.", Set.of("sql")),
            Map.entry("de.siegmar.fastcsv.", Set.of()),
            Map.entry("com.google.gson.", Set.of()),
            Map.entry("com.google.re2j.", Set.of("screen")),
            Map.entry("io.kubernetes.", Set.of()),
            Map.entry("org.apache.commons.compress.", Set.of("format")),
            Map.entry("com.github.luben.zstd.", Set.of("format")),
            Map.entry("org.tukaani.xz.", Set.of("format")),
            Map.entry("org.mozilla.universalchardet.", Set.of("format")),
            Map.entry("dev.hardwood.", Set.of("format")),
            Map.entry("org.apache.poi.", Set.of()),
            Map.entry("io.github.resilience4j.", Set.of("source", "intake")),
            Map.entry("picocli.", Set.of("cli")),
            Map.entry("ch.qos.logback.", Set.of("runtime.logging")),
            Map.entry("com.networknt.", Set.of()),
            Map.entry("java.util.logging.", Set.of()),
            Map.entry("javax.xml.", Set.of("format")),
            Map.entry("org.xml.", Set.of()),
            Map.entry("org.w3c.", Set.of()));

    /// Tests are what lies where this class does, however the build calls that folder.
    private static final ImportOption NO_TESTS = location -> !location.contains(ArchitectureTest.class
            .getProtectionDomain()
            .getCodeSource()
            .getLocation()
            .getPath());

    private static final JavaClasses CODE =
            new ClassFileImporter().withImportOption(NO_TESTS).importPackages(ROOT);

    private static Map<String, Set<String>> rooms() {
        var rooms = new LinkedHashMap<String, Set<String>>();
        // The wire contract is a jar of its own, which producers may use alone.
        rooms.put("schemas", Set.of());
        rooms.put("job", Set.of());
        rooms.put("fault", Set.of());
        rooms.put("disk", Set.of("job", "fault"));
        rooms.put("sql", Set.of("job", "fault"));
        rooms.put("parts", Set.of("job"));
        rooms.put("screen", Set.of("job"));
        rooms.put("tabular", Set.of("job", "parts", "screen"));
        rooms.put("dedupe", Set.of("fault", "job", "parts"));
        rooms.put("format", Set.of("job", "disk"));
        rooms.put("source", Set.of("job", "fault", "disk"));
        rooms.put("dictionary", Set.of("job", "fault", "disk"));
        rooms.put("dictionary.postgres", Set.of("job", "fault", "sql", "dictionary"));
        rooms.put("journal", Set.of("job"));
        rooms.put("journal.sql", Set.of("job", "fault", "sql", "journal"));
        rooms.put("journal.sqlite", Set.of("job", "disk", "sql", "journal", "journal.sql"));
        rooms.put("journal.postgres", Set.of("job", "fault", "sql", "journal", "journal.sql"));
        rooms.put("datastore", Set.of("job", "parts"));
        rooms.put("datastore.sqlite.pages", Set.of("job", "fault", "disk", "parts"));
        rooms.put(
                "datastore.sqlite",
                Set.of("job", "fault", "disk", "sql", "parts", "datastore", "datastore.sqlite.pages"));
        rooms.put("datastore.postgres", Set.of("job", "fault", "sql", "parts", "datastore"));
        rooms.put("pivot", Set.of("journal", "datastore"));
        // The only room that knows which implementations there are; whoever opens a store asks it.
        rooms.put(
                "stores",
                Set.of(
                        "job",
                        "parts",
                        "sql",
                        "dictionary",
                        "dictionary.postgres",
                        "journal",
                        "journal.sql",
                        "journal.sqlite",
                        "journal.postgres",
                        "datastore",
                        "datastore.sqlite",
                        "datastore.postgres",
                        "pivot"));
        rooms.put(
                "stage",
                Set.of(
                        "job",
                        "fault",
                        "disk",
                        "screen",
                        "tabular",
                        "dedupe",
                        "format",
                        "source",
                        "dictionary",
                        "journal",
                        "datastore",
                        "pivot"));
        rooms.put(
                "saga",
                Set.of(
                        "schemas",
                        "job",
                        "fault",
                        "screen",
                        "tabular",
                        "dedupe",
                        "format",
                        "source",
                        "dictionary",
                        "journal",
                        "datastore",
                        "pivot",
                        "stage"));
        rooms.put("intake", Set.of("schemas", "job", "fault", "journal", "saga"));
        rooms.put(
                "upkeep",
                Set.of(
                        "job",
                        "disk",
                        "dictionary",
                        "journal",
                        "journal.sql",
                        "datastore",
                        "datastore.sqlite",
                        "stores",
                        "stage",
                        "saga"));
        rooms.put("metrics", Set.of());
        rooms.put("runtime.settings", Set.of("job", "screen", "sql", "stores"));
        rooms.put("runtime.folder", Set.of("job", "disk"));
        rooms.put("runtime.logging", Set.of("runtime.settings"));
        // The broker's own process: nothing of ours but what makes its first files durable.
        rooms.put("runtime.broker", Set.of("disk"));
        var belowRuntime = new TreeSet<>(rooms.keySet());
        belowRuntime.removeAll(Set.of("sql", "disk"));
        belowRuntime.removeIf(room -> room.matches("(journal|dictionary|datastore)\\..*"));
        rooms.put("runtime", Set.copyOf(belowRuntime));
        // Looks at everything from outside, and changes nothing but what people may: messages, files, dictionaries.
        rooms.put(
                "drill",
                Set.of(
                        "schemas",
                        "job",
                        "dictionary",
                        "journal",
                        "datastore",
                        "stores",
                        "intake",
                        "runtime.settings",
                        "runtime.folder",
                        "runtime.broker",
                        "runtime"));
        // Runs a worker's stages, or sends jobs, and looks at the clock.
        rooms.put(
                "bench",
                Set.of(
                        "schemas",
                        "job",
                        "sql",
                        "parts",
                        "tabular",
                        "datastore",
                        "datastore.postgres",
                        "stage",
                        "saga",
                        "intake",
                        "runtime.settings",
                        "runtime.folder",
                        "runtime.broker",
                        "runtime"));
        var belowCli = new TreeSet<>(belowRuntime);
        belowCli.add("drill");
        belowCli.add("bench");
        belowCli.removeAll(Set.of("source", "screen", "tabular", "dedupe", "format", "metrics", "runtime.broker"));
        belowCli.add("runtime");
        // An exported dictionary is a file that must be whole, like any other.
        belowCli.add("disk");
        rooms.put("cli", Set.copyOf(belowCli));
        return rooms;
    }

    @Test
    void roomsUseOnlyRoomsFurtherDown() {
        var below = new TreeSet<String>();
        ROOMS.forEach((room, used) -> {
            assertThat(below).as("what %s uses", room).containsAll(used);
            below.add(room);
        });
    }

    @ParameterizedTest
    @MethodSource("rules")
    void codeObeys(ArchRule rule) {
        rule.check(CODE);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void rulesAreBrokenByAnOffender(ArchRule rule) {
        JavaClasses offenders = new ClassFileImporter().importClasses(OffenderHelper.class);

        assertThatThrownBy(() -> rule.check(offenders)).isInstanceOf(AssertionError.class);
    }

    static Stream<ArchRule> rules() {
        return Stream.of(
                ArchRuleDefinition.classes().should(stayInTheirRoom()),
                ArchRuleDefinition.classes().should(beNamedForWhatTheyAre()),
                ArchRuleDefinition.classes().should(useLibrariesOnlyInTheirRooms()),
                ArchRuleDefinition.classes().should(takeTimeAndChanceAsArguments()),
                fields().that()
                        .areStatic()
                        .and()
                        .haveNameNotMatching(".*\\$.*")
                        .should()
                        .haveModifier(JavaModifier.FINAL)
                        .because("static mutable state makes tests depend on one another"),
                noClasses()
                        .should()
                        .dependOnClassesThat()
                        .areAssignableTo(ThreadLocal.class)
                        .because("what is needed is passed on"),
                noClasses()
                        .should()
                        .dependOnClassesThat(JavaClass.Predicates.assignableTo(java.io.ObjectInputStream.class)
                                .or(JavaClass.Predicates.assignableTo(java.io.ObjectOutputStream.class)))
                        .because("Java serialization runs what it reads"),
                // A process that has to speak on its standard output says so by being named here.
                noClasses()
                        .that(not(resideInAPackage(ROOT + ".cli")))
                        .and()
                        .doNotHaveFullyQualifiedName(ROOT + ".runtime.broker.BrokerMain")
                        .should()
                        .accessField(System.class, "out")
                        .orShould()
                        .accessField(System.class, "err")
                        .because("only commands speak to people"));
    }

    @Test
    void everyPackageIsNullMarked() {
        var unmarked = new ArrayList<String>();
        for (String room : ROOMS.keySet()) {
            if (!CODE.getPackage(ROOT + "." + room).isAnnotatedWith(NullMarked.class)) {
                unmarked.add(room);
            }
        }
        assertThat(unmarked).isEmpty();
    }

    @Test
    void noRoomOfTheTableIsEmpty() {
        assertThat(ROOMS.keySet())
                .allSatisfy(
                        room -> assertThat(CODE.getPackage(ROOT + "." + room).getClasses())
                                .as(room)
                                .isNotEmpty());
    }

    private static ArchCondition<JavaClass> stayInTheirRoom() {
        return new ArchCondition<>("use no room but those the table gives them") {
            @Override
            public void check(JavaClass code, ConditionEvents events) {
                String room = room(code);
                if (!ROOMS.containsKey(room)) {
                    events.add(SimpleConditionEvent.violated(
                            code, "%s is in no room of the table".formatted(code.getName())));
                    return;
                }
                for (Dependency dependency : code.getDirectDependenciesFromSelf()) {
                    JavaClass target = dependency.getTargetClass();
                    if (isOurs(target)
                            && !room(target).equals(room)
                            && !allowed(room).contains(room(target))) {
                        events.add(SimpleConditionEvent.violated(code, dependency.getDescription()));
                    }
                }
            }
        };
    }

    private static ArchCondition<JavaClass> beNamedForWhatTheyAre() {
        return new ArchCondition<>("not be named after having no name") {
            @Override
            public void check(JavaClass code, ConditionEvents events) {
                if (code.getSimpleName().matches(".*(Manager|Utils?|Helper|Impl)")
                        || code.getPackageName().matches(".*\\.(util|common|helper|manager|impl)(\\..*)?")) {
                    events.add(SimpleConditionEvent.violated(code, code.getName()));
                }
            }
        };
    }

    private static ArchCondition<JavaClass> useLibrariesOnlyInTheirRooms() {
        return new ArchCondition<>("use libraries only in the rooms that keep them") {
            @Override
            public void check(JavaClass code, ConditionEvents events) {
                String room = room(code);
                for (Dependency dependency : code.getDirectDependenciesFromSelf()) {
                    String target =
                            dependency.getTargetClass().getBaseComponentType().getName();
                    LIBRARIES.forEach((library, keepers) -> {
                        if (target.startsWith(library) && !keepers.contains(room)) {
                            events.add(SimpleConditionEvent.violated(code, dependency.getDescription()));
                        }
                    });
                }
            }
        };
    }

    /// Time and chance come in by constructor; only what wires, and commands that mint ids for people, may ask
    /// for them.
    private static ArchCondition<JavaClass> takeTimeAndChanceAsArguments() {
        var nobody = Set.<String>of();
        var wiring = Set.of("runtime", "cli");
        var bans = List.of(
                new Ban(Instant.class, "now", nobody),
                new Ban(System.class, "currentTimeMillis", nobody),
                new Ban(Thread.class, "sleep", nobody),
                new Ban(Math.class, "random", nobody),
                new Ban(Random.class, "<init>", nobody),
                new Ban(Clock.class, "systemUTC", nobody),
                new Ban(Clock.class, "systemDefaultZone", nobody),
                new Ban(java.time.LocalDate.class, "now", nobody),
                new Ban(java.time.LocalDateTime.class, "now", nobody),
                new Ban(java.time.ZonedDateTime.class, "now", nobody),
                new Ban(java.time.OffsetDateTime.class, "now", nobody),
                new Ban(UUID.class, "randomUUID", Set.of("cli")),
                new Ban(InstantSource.class, "system", wiring),
                // IdSource.random is the one source of ids, made by what wires.
                new Ban(SecureRandom.class, "<init>", Set.of("runtime", "job")));
        return new ArchCondition<>("be given time and chance") {
            @Override
            public void check(JavaClass code, ConditionEvents events) {
                code.getAccessesFromSelf().forEach(access -> {
                    for (Ban ban : bans) {
                        if (access.getTargetOwner().isEquivalentTo(ban.owner())
                                && access.getName().equals(ban.member())
                                && !ban.except().contains(room(code))) {
                            events.add(SimpleConditionEvent.violated(code, access.getDescription()));
                        }
                    }
                });
            }
        };
    }

    private record Ban(Class<?> owner, String member, Set<String> except) {}

    private static Set<String> allowed(String room) {
        return ROOMS.getOrDefault(room, Set.of());
    }

    private static boolean isOurs(JavaClass code) {
        return code.getPackageName().startsWith(ROOT + ".");
    }

    private static String room(JavaClass code) {
        String name = code.getPackageName();
        return name.startsWith(ROOT + ".") ? name.substring(ROOT.length() + 1) : "";
    }

    /// Breaks every rule there is, so that a rule that has gone blind is noticed.
    // The members are there to be found in the class file, not to be used.
    @SuppressWarnings({
        "unused",
        "JavaUtilDate",
        "ThreadLocalUsage",
        "JavaInstantGetSecondsGetNano",
        "NonFinalStaticField"
    })
    private static final class OffenderHelper {
        private static int changes;
        private final ThreadLocal<Integer> hidden = new ThreadLocal<>();
        private final java.util.logging.Logger log = java.util.logging.Logger.getLogger("offender");

        Object offend(java.io.ObjectInputStream serialized) throws java.io.IOException {
            changes++;
            System.out.println(Instant.now());
            return serialized.read();
        }
    }
}
