package io.multistatus.equivalence;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The part of CONTAINERS.md that is made from test runs: what was tested, and what was left out. Immutable. */
final class ContainersPage {
    static final String BEGIN = "<!-- From the test runs: begin -->\n";
    static final String END = "<!-- From the test runs: end -->\n";

    private static final String TESTED =
            "| container | version | servlet API | artifact | dispatcher | Java | threads |"
                    + " batches over |\n|---|---|---|---|---|---|---|---|\n";
    private static final String LEFT_OUT = "| left out | where | why |\n|---|---|---|\n";
    private static final Pattern CELL = Pattern.compile(" \\| ");
    private static final Comparator<Row> ORDER = Comparator.comparing(Row::container)
            .thenComparing(Row::versionNumbers, Comparator.reverseOrder())
            .thenComparing(Row::java);

    private final List<Row> rows;
    /** By container and version, the reasons with what was left out for them. */
    private final Map<String, Map<String, String>> leftOut;

    private ContainersPage(List<Row> rows, Map<String, Map<String, String>> leftOut) {
        this.rows = rows.stream().sorted(ORDER).toList();
        this.leftOut = leftOut;
    }

    /** Reads what {@link #toString} has written. */
    static ContainersPage parse(String part) {
        List<Row> rows = new ArrayList<>();
        Map<String, Map<String, String>> leftOut = new TreeMap<>();
        for (String line : part.lines().filter(line -> line.startsWith("| ")).toList()) {
            String[] cells = CELL.split(line.substring(2, line.length() - 2), -1);
            if (cells.length == 8 && !cells[0].equals("container")) {
                rows.add(new Row(
                        cells[0],
                        cells[1],
                        cells[2],
                        cells[3],
                        cells[4],
                        Integer.parseInt(cells[5]),
                        cells[6],
                        cells[7]));
            } else if (cells.length == 3 && !cells[0].equals("left out")) {
                for (String where : cells[1].split("; ", -1)) {
                    leftOut.computeIfAbsent(where, each -> new TreeMap<>()).put(cells[2], cells[0]);
                }
            }
        }
        return new ContainersPage(rows, leftOut);
    }

    /** This page with what has run now, in place of what it said of the same; without rows that are not {@code known}. */
    ContainersPage with(List<TestedContainer> runs, Predicate<String> knownVersion) {
        Map<List<Object>, Row> byKey = new LinkedHashMap<>();
        rows.stream().filter(row -> knownVersion.test(row.version())).forEach(row -> byKey.put(row.key(), row));
        runs.stream().map(Row::of).forEach(row -> byKey.put(row.key(), row));
        Map<String, Map<String, String>> reasons = new TreeMap<>(leftOut);
        for (TestedContainer run : runs) {
            Map<String, String> ofRun = new TreeMap<>();
            run.leftOut()
                    .forEach((reason, requests) -> ofRun.put(
                            reason,
                            requests.stream().map(name -> "`" + name + "`").collect(Collectors.joining(", "))));
            reasons.put(run.container() + " " + run.version(), ofRun);
        }
        reasons.keySet()
                .retainAll(byKey.values().stream()
                        .map(row -> row.container() + " " + row.version())
                        .toList());
        return new ContainersPage(List.copyOf(byKey.values()), reasons);
    }

    /** Whether it speaks of that release of Java at all. */
    boolean speaksOf(int java) {
        return rows.stream().anyMatch(row -> row.java() == java);
    }

    /** The oldest release of Java that it speaks of. */
    int oldestJava() {
        return rows.stream().mapToInt(Row::java).min().orElse(0);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(TESTED);
        rows.forEach(text::append);
        Map<List<String>, List<String>> containers = new TreeMap<>(
                Comparator.comparing((List<String> cells) -> cells.get(1)).thenComparing(cells -> cells.get(0)));
        leftOut.forEach((container, reasons) -> reasons.forEach((reason, requests) -> containers
                .computeIfAbsent(List.of(requests, reason), each -> new ArrayList<>())
                .add(container)));
        text.append('\n').append(LEFT_OUT);
        containers.forEach((cells, names) -> text.append("| ")
                .append(cells.get(0))
                .append(" | ")
                .append(String.join("; ", names))
                .append(" | ")
                .append(cells.get(1))
                .append(" |\n"));
        return text.toString();
    }

    private record Row(
            String container,
            String version,
            String servletApi,
            String artifact,
            String dispatcher,
            int java,
            String threads,
            String protocols) {

        static Row of(TestedContainer run) {
            return new Row(
                    run.container(),
                    run.version(),
                    run.servletApi(),
                    run.javax() ? "`javax`" : "the jar",
                    "`" + run.dispatcher() + "`",
                    run.java(),
                    run.virtualThreads() ? "virtual" : "platform",
                    String.join(", ", run.protocols()));
        }

        List<Object> key() {
            return List.of(container, version, java);
        }

        /** So that 10 comes after 9. */
        String versionNumbers() {
            return Pattern.compile("\\d+")
                    .matcher(version)
                    .replaceAll(number -> "%09d".formatted(Long.parseLong(number.group())));
        }

        @Override
        public String toString() {
            return "| " + String.join(" | ", container, version, servletApi, artifact, dispatcher) + " | " + java
                    + " | " + threads + " | " + protocols + " |\n";
        }
    }
}
