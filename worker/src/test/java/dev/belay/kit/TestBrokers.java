package dev.belay.kit;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// Hands the JVM's one [TestBroker] to tests that ask for it: `@ExtendWith(TestBrokers.class)`.
///
/// `-Dtest.broker=docker` and `embedded` decide which; `auto`, the default, takes a container where a Docker engine
/// answers. The choice is printed in one line. The broker starts with the first test that asks and ends with the JVM's
/// tests.
public final class TestBrokers implements ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(TestBrokers.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == TestBroker.class;
    }

    @Override
    public TestBroker resolveParameter(ParameterContext parameter, ExtensionContext context) {
        // The store closes what it holds at the end of the session, after every test class.
        return context.getStore(StoreScope.LAUNCHER_SESSION, NAMESPACE)
                .getOrComputeIfAbsent(TestBroker.class, type -> chosen(), TestBroker.class);
    }

    private static TestBroker chosen() {
        var choice = System.getProperty("test.broker", "auto");
        var broker = switch (choice) {
            case "auto" -> Docker.answers() ? TestBroker.docker() : TestBroker.embedded();
            case "docker" -> TestBroker.docker();
            case "embedded" -> TestBroker.embedded();
            default ->
                throw new IllegalArgumentException(
                        "test.broker is \"" + choice + "\"; it can be auto, docker or embedded");
        };
        System.out.println("tests use the " + broker.description() + " (-Dtest.broker=" + choice + ")");
        return broker;
    }
}
