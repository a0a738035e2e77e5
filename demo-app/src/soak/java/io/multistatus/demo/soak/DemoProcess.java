package io.multistatus.demo.soak;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The demo's jar in a process of its own with little memory, on a free port of the loopback interface. */
final class DemoProcess implements AutoCloseable {
    /** As many as {@link Load#burst} has to fill. */
    static final int THREADS = 48;

    /** How long an item may take, a batch twice that, in milliseconds. */
    static final int ITEM_TIMEOUT_MILLIS = 1500;

    /** What the demo prints first: the container, and where it serves. */
    private static final Pattern BANNER = Pattern.compile(" on (.+): http://127\\.0\\.0\\.1:(\\d+)/");

    private static final int PATIENCE_SECONDS = 20;

    private final Process process;
    private final Path log;
    private final String container;
    private final InetSocketAddress address;

    /**
     * Returns once it serves.
     *
     * @param log where to write what it logs
     */
    DemoProcess(Path jar, String container, Path log) throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms256m",
                "-Xmx256m",
                "-XX:+HeapDumpOnOutOfMemoryError",
                "-XX:HeapDumpPath=" + log.resolveSibling(container + ".hprof"),
                "-XX:+ExitOnOutOfMemoryError",
                // What only soft references hold is not live.
                "-XX:SoftRefLRUPolicyMSPerMB=0",
                // The log of a batch and of its failed items is for people.
                "-Dorg.slf4j.simpleLogger.log.io.multistatus.batch=warn",
                "-jar",
                jar.toString(),
                "--container",
                container,
                "--port",
                "0",
                "--rtt",
                "0",
                "--threads",
                String.valueOf(THREADS),
                "--timeout",
                String.valueOf(ITEM_TIMEOUT_MILLIS));
        this.log = log;
        process = new ProcessBuilder(command).redirectError(log.toFile()).start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        Matcher banner = awaitBanner(jar);
        this.container = banner.group(1);
        address = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(banner.group(2)));
    }

    private Matcher awaitBanner(Path jar) throws IOException {
        BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            Matcher banner = BANNER.matcher(line);
            if (banner.find()) {
                return banner;
            }
        }
        throw new IOException("The demo of " + jar + " did not say where it serves: " + Files.readString(log));
    }

    /** Name and version of the container. */
    String container() {
        return container;
    }

    InetSocketAddress address() {
        return address;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** What it has logged so far, each with its stack trace. */
    List<String> logged() throws IOException {
        return List.of(Files.readString(log).split("\n(?=[0-9]{4}-[0-9]{2}-[0-9]{2} |Exception in )"));
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
