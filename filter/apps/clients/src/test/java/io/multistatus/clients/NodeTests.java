package io.multistatus.clients;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The tests that are written for Node, in a copy of their folder that the clients are installed in. */
final class NodeTests {
    /** Where they are written. */
    static final Path SOURCE = Path.of(System.getProperty("node.tests"));

    private static final Path FOLDER = Path.of(System.getProperty("node.folder"));
    private static final String SUFFIX = ".test.mjs";
    private static final Pattern VERSION = Pattern.compile("v(\\d+)\\.(\\d+)\\.");
    /** The first that has reporters for its tests. */
    private static final int OLDEST = 18;

    private static final int OLDEST_MINOR = 15;
    private static final long INSTALL_SECONDS = 600;
    private static final long TEST_SECONDS = 120;

    private NodeTests() {}

    /** Why they cannot be run on this machine; empty if they can. */
    static Optional<String> whyNot() throws IOException, InterruptedException {
        try {
            Matcher version = VERSION.matcher(run("node-version", TEST_SECONDS, Map.of(), "node", "--version").output);
            run("npm-version", TEST_SECONDS, Map.of(), "npm", "--version").expectSuccess();
            int major = version.lookingAt() ? Integer.parseInt(version.group(1)) : 0;
            if (major > OLDEST || (major == OLDEST && Integer.parseInt(version.group(2)) >= OLDEST_MINOR)) {
                return Optional.empty();
            }
            return Optional.of("its Node is older than 18.15");
        } catch (CannotRunException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** The clients that there are tests for, as their files are named. */
    static List<String> clients() throws IOException {
        try (Stream<Path> files = Files.list(SOURCE)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(SUFFIX))
                    .map(name -> name.substring(0, name.length() - SUFFIX.length()))
                    .sorted()
                    .toList();
        }
    }

    /** Installs the clients in the very versions of package-lock.json. */
    static void install() throws Exception {
        Files.createDirectories(FOLDER);
        try (Stream<Path> files = Files.list(SOURCE).filter(Files::isRegularFile)) {
            for (Path file : files.toList()) {
                Files.write(FOLDER.resolve(file.getFileName()), Files.readAllBytes(file));
            }
        }
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

    /** Runs the tests of {@code client} against the demo at {@code baseUrl}. */
    static Ended run(String client, String container, String baseUrl) throws Exception {
        Map<String, String> environment = Map.of("DEMO", baseUrl, "NO_PROXY", "127.0.0.1", "no_proxy", "127.0.0.1");
        return run(client + "-" + container, TEST_SECONDS, environment, "node", "--test-reporter=tap", client + SUFFIX);
    }

    private static Ended run(String name, long seconds, Map<String, String> environment, String... command)
            throws IOException, InterruptedException {
        Path log = Files.createDirectories(FOLDER).resolve(name + ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(FOLDER.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
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
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
        String output = Files.readString(log, UTF_8);
        if (!ended) {
            throw new AssertionError(
                    String.join(" ", command) + " had not ended after " + seconds + " s and printed\n" + output);
        }
        return new Ended(String.join(" ", command), process.exitValue(), output);
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

        /** The number in one of the last lines, {@code # pass 5}; -1 if there is no such line. */
        int count(String what) {
            Matcher line = Pattern.compile("^# " + what + " (\\d+)$", Pattern.MULTILINE)
                    .matcher(output);
            return line.find() ? Integer.parseInt(line.group(1)) : -1;
        }
    }
}
