package io.multistatus.standalone;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server in a JVM of its own, which is watched by what it prints. Everything that goes wrong shows what that was. */
public final class ServerProcess {
    private static final long START_SECONDS = 180;
    private static final long STOP_SECONDS = 60;
    private static final long LOOK_MILLIS = 50;

    private final Process process;
    private final Path log;

    private ServerProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Starts {@code java} with those arguments in {@code folder}. */
    public static ServerProcess java(Path folder, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(arguments);
        Path log = folder.resolve("console.log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        // What the test run or its user says to every Java is not said to the server.
        List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS").forEach(builder.environment()::remove);
        Process process = builder.start();
        // A test run that is broken off leaves no server behind.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        return new ServerProcess(process, log);
    }

    /** Waits until it has printed something that {@code pattern} finds. */
    public Matcher await(Pattern pattern) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (true) {
            boolean alive = process.isAlive();
            Matcher matcher = pattern.matcher(log());
            if (matcher.find()) {
                return matcher;
            }
            if (!alive || System.nanoTime() > deadline) {
                throw new AssertionError("the server " + (alive ? "is still running" : "has ended")
                        + " and printed no '" + pattern + "' but\n" + log());
            }
            Thread.sleep(LOOK_MILLIS);
        }
    }

    /** What it has printed. */
    public String log() throws IOException {
        return Files.readString(log, StandardCharsets.ISO_8859_1);
    }

    /** Ends it as a {@code kill -9} does. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Asks it to end and waits for that. If it does not, it is ended without asking, and that is a failure. */
    public void stop() throws IOException, InterruptedException {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        boolean ended = process.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
        process.destroyForcibly().waitFor();
        children.forEach(ProcessHandle::destroyForcibly);
        if (!ended) {
            throw new AssertionError("the server did not end when asked to\n" + log());
        }
    }
}
