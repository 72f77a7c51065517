package dev.belay.planted;

import dev.belay.disk.DurableFiles;
import java.io.IOException;
import java.io.StringWriter;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/// The program and its tests once more, in a class loader of their own, with one class replaced by its planted version.
final class PlantedCode extends URLClassLoader {
    private static final String OURS = "dev.belay.";

    private PlantedCode(List<URL> places) {
        super(places.toArray(URL[]::new), PlantedCode.class.getClassLoader());
    }

    /// As it is.
    static PlantedCode unchanged() throws MalformedURLException {
        return new PlantedCode(places());
    }

    /// With the bug, compiled into `folder`.
    ///
    /// @throws IllegalStateException when it does not compile: then it is no bug that could ever run
    static PlantedCode with(PlantedBug bug, Path folder) throws IOException {
        var messages = new StringWriter();
        List<String> options = List.of(
                "-d",
                folder.toString(),
                "-cp",
                Objects.requireNonNull(System.getProperty("java.class.path")),
                "-proc:none",
                "-nowarn",
                "-parameters");
        boolean compiled = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler())
                .getTask(messages, null, null, options, null, List.of(new Source(bug.source(), bug.sourceWithBug())))
                .call();
        if (!compiled) {
            throw new IllegalStateException(bug + " does not compile:\n" + messages);
        }
        var places = new ArrayList<>(List.of(folder.toUri().toURL()));
        places.addAll(places());
        return new PlantedCode(places);
    }

    /// Where the tests and the program are.
    private static List<URL> places() {
        return List.of(place(PlantedCode.class), place(DurableFiles.class));
    }

    private static URL place(Class<?> code) {
        return Objects.requireNonNull(code.getProtectionDomain().getCodeSource())
                .getLocation();
    }

    /// Ours first, or the class without the bug would be found; all else, JUnit and libraries, is shared.
    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded == null && name.startsWith(OURS)) {
                try {
                    return findClass(name);
                } catch (ClassNotFoundException elsewhere) {
                    return super.loadClass(name, resolve);
                }
            }
            return loaded != null ? loaded : super.loadClass(name, resolve);
        }
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String code;

        Source(Path file, String code) {
            super(URI.create("string:///" + file.getFileName()), JavaFileObject.Kind.SOURCE);
            this.code = code;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return code;
        }
    }
}
