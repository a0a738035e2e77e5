package io.multistatus.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A server as it is downloaded, unpacked by the build. */
interface Distribution {
    /**
     * Starts it with each app at the path that its WAR is named after, the users, and an access log.
     *
     * @param home where it is unpacked; nothing is written there
     * @param base an empty folder for all that is its own
     */
    Running start(Path home, List<Path> wars, Path base) throws Exception;

    /**
     * A server that serves the app.
     *
     * @param port where it listens on 127.0.0.1
     * @param accessLogs the folder of its access log
     * @param accessLog how the name of that begins
     */
    record Running(ServerProcess process, int port, Path accessLogs, String accessLog) {

        /** Waits until {@code process} has printed {@code listens}, whose first group is the port. */
        static Running of(ServerProcess process, Pattern listens, Path accessLogs, String accessLog)
                throws IOException, InterruptedException {
            try {
                int port = Integer.parseInt(process.await(listens).group(1));
                return new Running(process, port, accessLogs, accessLog);
            } catch (IOException | InterruptedException | AssertionError e) {
                process.stop();
                throw e;
            }
        }

        /** How many lines of the access log have that in them. */
        long accessLogLines(String text) throws IOException {
            try (Stream<Path> files = Files.list(accessLogs)) {
                long lines = 0;
                for (Path file : files.toList()) {
                    if (file.getFileName().toString().startsWith(accessLog)) {
                        List<String> all = Files.readAllLines(file);
                        lines +=
                                all.stream().filter(line -> line.contains(text)).count();
                    }
                }
                return lines;
            }
        }
    }

    /** The one folder below {@code target/distributions/NAME}. */
    static Path home(String name) throws IOException {
        Path parent = Path.of(System.getProperty("distributions"), name);
        try (Stream<Path> folders = Files.list(parent)) {
            List<Path> homes = folders.filter(Files::isDirectory).toList();
            if (homes.size() != 1) {
                throw new IOException("not one version but " + homes + ": mvn clean");
            }
            return homes.get(0);
        }
    }
}
