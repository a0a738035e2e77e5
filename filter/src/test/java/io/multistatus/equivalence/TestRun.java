package io.multistatus.equivalence;

import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Counts what the tests of this JVM compare, and keeps it as a {@link TestedContainer}. Thread-safe. */
final class TestRun {
    private static final Pattern SERVER_INFO = Pattern.compile("(.*?)(?:/| - )(\\d\\S*).*");
    private static final Set<HostOptions.Protocol> PROTOCOLS = EnumSet.noneOf(HostOptions.Protocol.class);
    private static int compared;

    private TestRun() {}

    /** Counts an item that has been compared with its wire. */
    static synchronized void compared(HostOptions.Protocol protocol) {
        PROTOCOLS.add(protocol);
        compared++;
    }

    /** Keeps what has been compared so far, with what a host of this run says of itself. */
    static synchronized void save(Laboratory host) throws IOException {
        if (compared == 0) {
            return;
        }
        HttpAnswer answer = host.overTheWire(RequestCase.get("/app/about"));
        if (answer.status() != 200) {
            throw new IOException("the host does not say what it is: " + answer.status() + "\n" + answer.text());
        }
        Matcher server = SERVER_INFO.matcher(said(answer, "server"));
        if (!server.matches()) {
            throw new IOException("no name and version: " + said(answer, "server"));
        }
        HostContainer container = HostContainer.ofThisRun();
        List<HostOptions.Protocol> protocols = List.copyOf(PROTOCOLS);
        new TestedContainer(
                        name(server.group(1), container.name()),
                        server.group(2),
                        said(answer, "servlet API"),
                        said(answer, "filter").startsWith("javax."),
                        said(answer, "dispatcher"),
                        Integer.parseInt(said(answer, "java")),
                        Boolean.parseBoolean(said(answer, "virtual thread")),
                        protocols.stream().map(Object::toString).toList(),
                        compared,
                        Map.copyOf(TestedContainer.leftOut(container, protocols)))
                .save();
    }

    /** What the server calls itself does not tell the environments of Jetty apart. */
    private static String name(String server, String containerName) {
        int environment = containerName.indexOf('-');
        String capitalized = Character.toUpperCase(server.charAt(0)) + server.substring(1);
        return environment < 0 ? capitalized : capitalized + ", " + containerName.substring(environment + 1);
    }

    private static String said(HttpAnswer answer, String name) throws IOException {
        Matcher line = Pattern.compile("(?m)^" + name + ": (.*)$").matcher(answer.text());
        if (!line.find()) {
            throw new IOException("the host does not say its " + name + ":\n" + answer.text());
        }
        return line.group(1);
    }
}
