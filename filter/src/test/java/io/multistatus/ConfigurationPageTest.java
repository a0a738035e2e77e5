package io.multistatus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page that documents the configuration, held against the configuration. */
class ConfigurationPageTest {
    private static final Path PAGE = Path.of(System.getProperty("basedir", ""), "docs", "CONFIGURATION.md");

    /** A row of the table of keys: name, default, meaning, example. */
    private static final Pattern ROW =
            Pattern.compile("^\\| `(\\w+)` \\| ([^|]+) \\| ([^|]+) \\| `([^|`]+)` \\|$", Pattern.MULTILINE);

    private static final Pattern INIT_PARAM =
            Pattern.compile("<param-name>(.*)</param-name>\\s*<param-value>(.*)</param-value>");

    @Test
    void everyKeyHasARowAndEveryRowAKey() throws IOException {
        List<String> documented =
                ROW.matcher(page()).results().map(row -> row.group(1)).toList();
        assertThat(documented).containsExactlyElementsOf(BatchInitParams.names());
    }

    @Test
    void everyExampleIsAPossibleValue() throws IOException {
        Map<String, String> examples = new HashMap<>();
        ROW.matcher(page()).results().forEach(row -> examples.put(row.group(1), row.group(4)));
        // Two keys are for one dispatcher each, so they cannot be set both.
        assertThat(BatchInitParams.read(
                                new StubFilterConfig(Map.of(
                                        "dispatcher", "forward", "forwardAllow", examples.remove("forwardAllow"))),
                                BatchConfig.builder())
                        .forwardAllow()
                        .isEmpty())
                .isFalse();
        // There is no such name here.
        examples.remove("jobDataSource");
        examples.put("listeners", InitParamsTest.Listener.class.getName());
        BatchConfig config = BatchInitParams.read(
                new StubFilterConfig(examples), new BatchConfigBuilder(new Machine(1L << 30, 2, 17)));
        assertThat(config.path()).isEqualTo("/api/batch");
        assertThat(config.jobs().table()).isEqualTo("app.job");
    }

    @Test
    void theExampleInXmlAndTheOneByBuilderAreTheSame() throws IOException {
        Map<String, String> params = new LinkedHashMap<>();
        for (MatchResult param : INIT_PARAM.matcher(page()).results().toList()) {
            params.put(param.group(1), param.group(2));
        }
        assertThat(params.keySet()).containsExactly("maxRequests", "itemTimeout", "deny");
        BatchConfig built = BatchConfig.builder()
                .maxRequests(20)
                .itemTimeout(Duration.ofSeconds(10))
                .deny("/admin/*", "*.jsp")
                .build();
        assertThat(BatchConfig.fromInitParams(new StubFilterConfig(params)))
                .usingRecursiveComparison()
                .isEqualTo(built);
    }

    private static String page() throws IOException {
        return Files.readString(PAGE);
    }
}
