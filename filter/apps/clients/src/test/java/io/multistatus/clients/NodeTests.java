package io.multistatus.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A folder of tests that are written for Node, and the copy of it that they are run in, with the packages installed that they
 * need.
 */
final class NodeTests {
    private static final String SUFFIX = ".test.mjs";
    private static final Pattern VERSION = Pattern.compile("v(\\d+)\\.(\\d+)\\.");
    /** The first that has reporters for its tests. */
    private static final int OLDEST = 18;

    private static final int OLDEST_MINOR = 15;
    private static final long INSTALL_SECONDS = 600;
    private static final int DELETE_TRIES = 20;
    private static final long DELETE_PAUSE_MILLIS = 100;

    private final Path source;
    private final Path folder;
    private final long testSeconds;

    /**
     * Those of a kind.
     *
     * @param kind the beginning of two system properties, of which the one that ends in {@code .tests} says where they are
     *     written, and the one that ends in {@code .folder} where they are run
     * @param testSeconds how long one of the files may take at most
     */
    NodeTests(String kind, long testSeconds) {
        source = property(kind + ".tests");
        folder = property(kind + ".folder");
        this.testSeconds = testSeconds;
    }

    private static Path property(String name) {
        return Path.of(Objects.requireNonNull(System.getProperty(name), name));
    }

    /** Where they are written. */
    Path source() {
        return source;
    }

    /** Why they cannot be run on this machine; empty if they can. */
    private Optional<String> whyNot() throws IOException, InterruptedException {
        try {
            Matcher version = VERSION.matcher(run("node-version", testSeconds, Map.of(), "node", "--version").output);
            run("npm-version", testSeconds, Map.of(), "npm", "--version").expectSuccess();
            int major = version.lookingAt() ? Integer.parseInt(version.group(1)) : 0;
            if (major > OLDEST || (major == OLDEST && Integer.parseInt(version.group(2)) >= OLDEST_MINOR)) {
                return Optional.empty();
            }
            return Optional.of("its Node is older than 18.15");
        } catch (CannotRunException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** Where they are run. */
    Path folder() {
        return folder;
    }

    /**
     * Skips what asks, or fails it if the environment variable {@code required} is {@code true}, unless they can be run here.
     */
    void assumeRunnable(String what, String required) throws IOException, InterruptedException {
        whyNot().ifPresent(why -> abortUnlessRequired(what + " cannot be tested on this machine: " + why, required));
    }

    /** Skips what asks, or fails it if the environment variable {@code required} is {@code true}. */
    static void abortUnlessRequired(String message, String required) {
        assertThat(System.getenv(required)).as(message).isNotEqualTo("true");
        abort(message);
    }

    /** What there are tests for, as their files are named. */
    List<String> subjects() throws IOException {
        try (Stream<Path> files = Files.list(source)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(SUFFIX))
                    .map(name -> name.substring(0, name.length() - SUFFIX.length()))
                    .sorted()
                    .toList();
        }
    }

    /** Installs what they need in the very versions of package-lock.json. */
    void install() throws Exception {
        copy(source, folder);
        // No peers: googleapis is 200 MB, and is not needed to use what can be plugged into it.
        run(
                        "npm-ci",
                        INSTALL_SECONDS,
                        Map.of(),
                        "npm",
                        "ci",
                        "--omit=peer",
                        "--ignore-scripts",
                        "--no-audit",
                        "--no-fund")
                .expectSuccess();
    }

    /** Copies the files of {@code from}, but none of its folders. */
    static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from).filter(Files::isRegularFile)) {
            for (Path file : files.toList()) {
                Files.write(to.resolve(file.getFileName()), Files.readAllBytes(file));
            }
        }
    }

    /** Runs the tests of {@code subject} against the demo at {@code baseUrl}. */
    Ended run(String subject, String container, String baseUrl, Map<String, String> more) throws Exception {
        Map<String, String> environment = new HashMap<>(more);
        environment.putAll(Map.of("DEMO", baseUrl, "NO_PROXY", "127.0.0.1", "no_proxy", "127.0.0.1"));
        return run(
                subject + "-" + container, testSeconds, environment, "node", "--test-reporter=tap", subject + SUFFIX);
    }

    /** Runs the tests of {@code subject} where they are written, which need nothing but Node. */
    Ended runInPlace(String subject) throws Exception {
        String file = source.resolve(subject + SUFFIX).toString();
        return run(subject, testSeconds, Map.of(), "node", "--test-reporter=tap", file);
    }

    /** Runs {@code command} in the folder. */
    Ended command(String name, String... command) throws IOException, InterruptedException {
        return run(name, testSeconds, Map.of(), command);
    }

    private Ended run(String name, long seconds, Map<String, String> environment, String... command)
            throws IOException, InterruptedException {
        // What is left in it, a browser's profile for instance, goes with it.
        Path temporary = Files.createTempDirectory("multistatus-");
        try {
            return run(name, seconds, environment, temporary, command);
        } finally {
            delete(temporary);
        }
    }

    private Ended run(String name, long seconds, Map<String, String> environment, Path temporary, String... command)
            throws IOException, InterruptedException {
        Path log = Files.createDirectories(folder).resolve(name + ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        builder.environment().put("TMPDIR", temporary.toString());
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new CannotRunException("it has no " + command[0] + " (" + e.getMessage() + ")", e);
        }
        boolean ended = false;
        try {
            ended = process.waitFor(seconds, TimeUnit.SECONDS);
        } finally {
            end(process);
        }
        String output = Files.readString(log, UTF_8);
        if (!ended) {
            throw new AssertionError(
                    String.join(" ", command) + " had not ended after " + seconds + " s and printed\n" + output);
        }
        return new Ended(String.join(" ", command), process.exitValue(), output);
    }

    /** Ends it with all that it has started, and waits for that. */
    private static void end(Process process) throws InterruptedException {
        List<ProcessHandle> started = process.descendants().toList();
        started.forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
        started.forEach(each -> each.onExit().join());
    }

    /** A browser that is about to end may write into it still; what is left after some tries is not worth a failure. */
    private static void delete(Path folder) {
        try {
            for (int tries = 1; !isDeleted(folder); tries++) {
                if (tries == DELETE_TRIES) {
                    System.err.println("There is something left in " + folder);
                    return;
                }
                Thread.sleep(DELETE_PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isDeleted(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
            return true;
        } catch (IOException | UncheckedIOException e) {
            return Files.notExists(folder);
        }
    }

    /** There is no such program. */
    private static final class CannotRunException extends IOException {
        private static final long serialVersionUID = 1L;

        CannotRunException(String message, IOException cause) {
            super(message, cause);
        }
    }

    /**
     * What a process has left.
     *
     * @param output both its streams
     */
    record Ended(String command, int exitCode, String output) {
        void expectSuccess() {
            if (exitCode != 0) {
                throw new AssertionError(command + " ended with " + exitCode + " and printed\n" + output);
            }
        }

        /** Fails unless there were tests and each of them has passed; prints what they have printed. */
        void expectAllPassed(String what) {
            System.out.println(what + "\n" + output);
            expectSuccess();
            assertThat(count("pass")).as(output).isPositive().isEqualTo(count("tests"));
        }

        /** The number in one of the last lines, {@code # pass 5}; -1 if there is no such line. */
        private int count(String what) {
            Matcher line = Pattern.compile("^# " + what + " (\\d+)$", Pattern.MULTILINE)
                    .matcher(output);
            return line.find() ? Integer.parseInt(line.group(1)) : -1;
        }
    }
}
