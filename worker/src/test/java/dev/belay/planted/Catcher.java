package dev.belay.planted;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestEngine;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.discovery.MethodSelector;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/// Runs single tests in a class loader.
final class Catcher {
    private static final Pattern NAME = Pattern.compile("([\\w.]+)#(\\w+)(?:\\[(\\d+)])?");
    private static final String ENGINE = "junit-jupiter";

    private Catcher() {}

    /// How the tests went.
    ///
    /// @param failures what made them fail, in a line each
    record Outcome(long run, List<String> failures) {}

    /// @param names class, `#`, method, perhaps the number of an invocation
    /// @throws TimeoutException when they have not ended within the deadline; they are left running
    static Outcome run(PlantedCode code, List<String> names, Duration deadline) throws Exception {
        var outcome = new CompletableFuture<Outcome>();
        Thread runner = Thread.ofPlatform().daemon().name("catcher").unstarted(() -> {
            try {
                outcome.complete(outcome(code, names));
            } catch (Exception | LinkageError failed) {
                outcome.completeExceptionally(failed);
            }
        });
        runner.setContextClassLoader(code);
        runner.start();
        return outcome.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static Outcome outcome(PlantedCode code, List<String> names) throws ClassNotFoundException {
        var selectors = new ArrayList<DiscoverySelector>();
        for (String name : names) {
            selectors.add(selector(code, name));
        }
        var listener = new SummaryGeneratingListener();
        var config = LauncherConfig.builder()
                .enableTestEngineAutoRegistration(false)
                .enableTestExecutionListenerAutoRegistration(false)
                .enableLauncherSessionListenerAutoRegistration(false)
                .enableLauncherDiscoveryListenerAutoRegistration(false)
                .enablePostDiscoveryFilterAutoRegistration(false)
                .addTestEngines(engine())
                .build();
        try (var session = LauncherFactory.openSession(config)) {
            session.getLauncher()
                    .execute(
                            LauncherDiscoveryRequestBuilder.request()
                                    .selectors(selectors)
                                    .build(),
                            listener);
        }
        TestExecutionSummary summary = listener.getSummary();
        return new Outcome(
                summary.getTestsStartedCount(),
                summary.getFailures().stream()
                        .map(failure -> said(failure.getException()))
                        .toList());
    }

    private static TestEngine engine() {
        return ServiceLoader.load(TestEngine.class, Catcher.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .filter(engine -> engine.getId().equals(ENGINE))
                .findFirst()
                .orElseThrow();
    }

    private static DiscoverySelector selector(PlantedCode code, String name) throws ClassNotFoundException {
        Matcher parts = NAME.matcher(name);
        if (!parts.matches()) {
            throw new IllegalArgumentException("\"" + name + "\" is not CLASS#METHOD");
        }
        Class<?> test = code.loadClass(parts.group(1));
        MethodSelector method = DiscoverySelectors.selectMethod(test, method(test, parts.group(2)));
        return parts.group(3) == null
                ? method
                : DiscoverySelectors.selectIteration(method, Integer.parseInt(parts.group(3)) - 1);
    }

    /// Its own, or one of the suite it inherits.
    private static Method method(Class<?> test, String name) {
        for (Class<?> at = test; at != null; at = at.getSuperclass()) {
            var found = Arrays.stream(at.getDeclaredMethods())
                    .filter(method -> method.getName().equals(name))
                    .findFirst();
            if (found.isPresent()) {
                return found.get();
            }
        }
        throw new IllegalArgumentException(test.getName() + " has no test " + name);
    }

    /// A class that could not be loaded says nothing about the bug.
    private static String said(Throwable failure) {
        if (failure instanceof LinkageError broken) {
            throw broken;
        }
        String text = String.valueOf(failure.getMessage()).strip().replaceAll("\\s+", " ");
        return failure.getClass().getSimpleName() + ": " + text.substring(0, Math.min(100, text.length()));
    }
}
