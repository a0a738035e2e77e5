package io.multistatus.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A directory for what belongs to no test class. Deleted with all that is in it when closed, or else when the JVM ends. */
public record TempDirectory(Path path) implements AutoCloseable {

    /** A new, empty one. */
    public static TempDirectory create() throws IOException {
        TempDirectory directory = new TempDirectory(Files.createTempDirectory("multistatus-test"));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                directory.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }));
        return directory;
    }

    @Override
    public void close() throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        List<Path> all;
        try (Stream<Path> tree = Files.walk(path)) {
            all = tree.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : all) {
            Files.delete(file);
        }
    }
}
