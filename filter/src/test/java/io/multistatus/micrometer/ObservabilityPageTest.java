package io.multistatus.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The pages, held against the meters that they speak of. */
class ObservabilityPageTest {
    private static final Path DOCS = Path.of(System.getProperty("basedir", ""), "docs");

    /** Name, type, unit, tags. */
    private static final Pattern ROW = Pattern.compile(
            "^\\| `(multistatus\\.[a-z.]+)` \\| (\\w+) \\| (\\w*) \\| ([^|]*) \\| [^|]+ \\|$", Pattern.MULTILINE);

    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    /** What is told of a meter. */
    private record Described(String type, String unit, Set<String> tags) {}

    private static String type(Meter meter) {
        return switch (meter.getId().getType()) {
            case DISTRIBUTION_SUMMARY -> "distribution";
            default -> meter.getId().getType().name().toLowerCase(java.util.Locale.ROOT);
        };
    }

    @Test
    void theTableHasEveryMeterAndNoOther() throws IOException {
        MeterRegistry registry = new SimpleMeterRegistry();
        MicrometerListener listener = new MicrometerListener(registry);
        listener.filterStarted(new Shop.State(1));
        Shop.tellOfEverything(listener);
        Map<String, Described> registered = new TreeMap<>();
        for (Meter meter : registry.getMeters()) {
            String unit = meter.getId().getBaseUnit();
            registered.put(
                    meter.getId().getName(),
                    new Described(
                            type(meter),
                            unit == null ? "" : unit,
                            meter.getId().getTags().stream()
                                    .map(Tag::getKey)
                                    .collect(Collectors.toCollection(TreeSet::new))));
        }

        Map<String, Described> documented = new TreeMap<>();
        ROW.matcher(Files.readString(DOCS.resolve("OBSERVABILITY.md")))
                .results()
                .forEach(row -> documented.put(
                        row.group(1), new Described(row.group(2), row.group(3), new TreeSet<>(code(row.group(4))))));

        assertThat(documented).isEqualTo(registered);
    }

    private static Set<String> code(String text) {
        return CODE.matcher(text).results().map(each -> each.group(1)).collect(Collectors.toSet());
    }

    /** Those that this part of the project answers with; what the filter for keys answers is the host's. */
    @Test
    void everyProblemOfTheEndpointIsAKnownTagValue() throws IOException {
        String page = Files.readString(DOCS.resolve("WIRE-FORMAT.md"));
        Set<String> documented = page.substring(page.indexOf("\n## Problems"))
                .lines()
                .filter(line -> line.matches("\\| `[a-z-]+`.*\\| .*\\b(batch|item)\\b.* \\| .*"))
                .map(line -> line.substring(0, line.indexOf(" | ")))
                .flatMap(cell -> code(cell).stream())
                .collect(Collectors.toCollection(TreeSet::new));
        documented.remove("method-not-allowed");

        assertThat(new TreeSet<>(KnownValues.PROBLEMS)).isEqualTo(documented);
    }

    @Test
    void everyLimitIsAKeyOfTheConfiguration() throws IOException {
        String page = Files.readString(DOCS.resolve("CONFIGURATION.md"));
        assertThat(KnownValues.SETTINGS).allSatisfy(key -> assertThat(page).contains("\n| `" + key + "` |"));
    }

    @Test
    void theTagsOfThePageAreThoseThatThereAre() throws IOException {
        String page = Files.readString(DOCS.resolve("OBSERVABILITY.md"));
        KnownValues.SETTINGS.forEach(each -> assertThat(page).contains("`" + each + "`"));
        assertThat(Arrays.asList("json", "multipart", "host", "endpoint", "listener", "none", "other"))
                .allSatisfy(each -> assertThat(page).contains("`" + each + "`"));
    }
}
