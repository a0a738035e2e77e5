package io.multistatus.equivalence;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What the comparison with the wire has run on: what container and filter say of themselves, and what was compared. Kept
 * in a file below {@code target}, for the page that tells of all runs of a build.
 *
 * @param container what the container calls itself, with its environment if it has several
 * @param version its version
 * @param servletApi the version of the Servlet API, as the context says
 * @param javax whether it was the javax build of the filter
 * @param dispatcher what the filter dispatches with there
 * @param java the release of Java: 17
 * @param virtualThreads whether handlers ran on virtual threads
 * @param protocols what outer requests came over, in their order
 * @param compared how many items have been compared with their wire
 * @param leftOut reasons to leave a request out, with the names of the requests
 */
record TestedContainer(
        String container,
        String version,
        String servletApi,
        boolean javax,
        String dispatcher,
        int java,
        boolean virtualThreads,
        List<String> protocols,
        int compared,
        Map<String, List<String>> leftOut) {
    private static final Path FOLDER = Path.of(System.getProperty("basedir", ""), "target", "tested-containers");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The processes of a run write a file each. */
    private static final String PROCESS = "-process" + ProcessHandle.current().pid();

    /** All that this build has left so far, in the order of their names; what processes of one run have left is one. */
    static List<TestedContainer> ofThisBuild() throws IOException {
        Map<String, TestedContainer> all = new TreeMap<>();
        if (Files.isDirectory(FOLDER)) {
            try (Stream<Path> files = Files.list(FOLDER)) {
                for (Path file : files.sorted().toList()) {
                    TestedContainer run = JSON.readValue(file.toFile(), TestedContainer.class);
                    all.merge(run.name(), run, TestedContainer::with);
                }
            }
        }
        return List.copyOf(all.values());
    }

    /** Both together, which differ in what was compared. */
    private TestedContainer with(TestedContainer other) {
        List<String> together = Stream.of(HostOptions.Protocol.values())
                .map(Object::toString)
                .filter(protocol -> protocols.contains(protocol) || other.protocols.contains(protocol))
                .toList();
        boolean first = protocols.contains(together.get(0));
        Map<String, List<String>> left = new TreeMap<>();
        for (TestedContainer each : first ? List.of(this, other) : List.of(other, this)) {
            each.leftOut.forEach((reason, names) -> {
                List<String> known = left.computeIfAbsent(reason, unknown -> new ArrayList<>());
                names.stream().filter(name -> !known.contains(name)).forEach(known::add);
            });
        }
        return new TestedContainer(
                container,
                version,
                servletApi,
                javax,
                dispatcher,
                java,
                virtualThreads,
                together,
                compared + other.compared,
                left);
    }

    private String name() {
        String threads = virtualThreads ? "-virtual" : "";
        return (container + "-" + version + "-java" + java + threads).replaceAll("[^\\w.-]+", "-") + ".json";
    }

    /** Writes it, over what an earlier part of the run may have written. */
    void save() {
        try {
            Files.createDirectories(FOLDER);
            String name = name().replace(".json", PROCESS + ".json");
            JSON.writerWithDefaultPrettyPrinter()
                    .writeValue(FOLDER.resolve(name).toFile(), this);
        } catch (IOException e) {
            throw new UncheckedIOException("what was tested cannot be written to " + FOLDER.toAbsolutePath(), e);
        }
    }

    /** The same, as if on platform threads of another Java. */
    TestedContainer onJava(int release) {
        return new TestedContainer(
                container, version, servletApi, javax, dispatcher, release, false, protocols, compared, leftOut);
    }

    /** The reasons of a container over some protocols. */
    static Map<String, List<String>> leftOut(HostContainer container, List<HostOptions.Protocol> protocols) {
        Map<String, List<String>> byReason = new TreeMap<>();
        for (HostOptions.Protocol protocol : protocols) {
            for (RequestCase request : HandlerCases.everything()) {
                container.reasonToLeaveOut(request, protocol).ifPresent(reason -> {
                    List<String> names = byReason.computeIfAbsent(reason, each -> new ArrayList<>());
                    if (!names.contains(request.name())) {
                        names.add(request.name());
                    }
                });
            }
        }
        return byReason;
    }
}
