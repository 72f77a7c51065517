package dev.belay.kit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// A test class whose [TestDatabase] is on the oldest PostgreSQL that Belay takes (`test.postgres.oldest` in
/// `pom.xml`),
/// of which the build lays the binaries into `target/test-postgres`. Where they are not, the class is skipped.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface OnOldestPostgres {}
