package io.multistatus.demo.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The demo in a process of its own, on a free port of the loopback interface, as quiet as in production. */
final class ServerProcess implements AutoCloseable {
    /** What the demo prints first: the container, and where it serves. */
    private static final Pattern BANNER = Pattern.compile(" on (.+): http://127\\.0\\.0\\.1:(\\d+)/");

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Process process;
    private final String container;
    private final InetSocketAddress address;

    /**
     * Returns once the server serves.
     *
     * @param container what it is to run in
     * @param jvmArguments more arguments for its JVM
     * @param longest after this time it is stopped, whatever happens
     */
    ServerProcess(Path jar, String container, List<String> jvmArguments, Duration longest) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-Xms512m",
                "-Xmx512m",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-Dorg.slf4j.simpleLogger.log.io.multistatus=warn"));
        command.addAll(jvmArguments);
        command.addAll(List.of("-jar", jar.toString(), "--container", container, "--port", "0"));
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        Thread watch = new Thread(() -> stopAfter(longest), "watch");
        watch.setDaemon(true);
        watch.start();
        Matcher banner = awaitBanner(jar);
        this.container = banner.group(1);
        address = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(banner.group(2)));
    }

    private void stopAfter(Duration longest) {
        try {
            if (!process.waitFor(longest.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private Matcher awaitBanner(Path jar) throws IOException {
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            Matcher banner = BANNER.matcher(line);
            if (banner.find()) {
                return banner;
            }
        }
        throw new IOException("The demo did not say where it serves; is there a jar at " + jar + "?");
    }

    /** Name and version of the container. */
    String container() {
        return container;
    }

    InetSocketAddress address() {
        return address;
    }

    /** The time that all its threads have spent on a core so far. */
    Duration cpuTime() {
        return process.toHandle()
                .info()
                .totalCpuDuration()
                .orElseThrow(() -> new IllegalStateException("This system does not tell the CPU time of a process"));
    }

    @Override
    public void close() {
        process.destroy();
        stopAfter(PATIENCE);
    }
}
