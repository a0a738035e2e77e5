package io.multistatus;

import static org.assertj.core.api.Assertions.assertThat;

import io.multistatus.idempotency.JdbcIdempotencyStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page on retries, held against the filter that it is about. */
class RetriesPageTest {
    private static final Path PAGE = Path.of(System.getProperty("basedir", ""), "docs", "RETRIES.md");

    /** A row of the table of keys: name, default, meaning, example. */
    private static final Pattern ROW =
            Pattern.compile("^\\| `(\\w+)` \\| ([^|]+) \\| ([^|]+) \\| `([^|`]+)` \\|$", Pattern.MULTILINE);

    private static Map<String, String> examples() throws IOException {
        Map<String, String> examples = new LinkedHashMap<>();
        ROW.matcher(Files.readString(PAGE)).results().forEach(row -> examples.put(row.group(1), row.group(4)));
        return examples;
    }

    @Test
    void everyKeyHasARowAndEveryRowAKey() throws IOException {
        assertThat(examples().keySet()).containsExactlyElementsOf(IdempotencyInitParams.names());
    }

    @Test
    void everyExampleIsAPossibleValue() throws IOException {
        Map<String, String> examples = examples();
        // There is no such name here, and no such database.
        examples.remove("dataSource");
        examples.remove("transactional");
        IdempotencyConfig config = IdempotencyInitParams.read(new StubFilterConfig(examples));
        assertThat(config.ttl()).isEqualTo(Duration.ofDays(2));
        assertThat(config.table()).isEqualTo("app.idempotency");
        assertThat(config.createTable()).isTrue();
    }

    @Test
    void theTableIsTheOneThatTheFilterMakes() throws IOException {
        assertThat(Files.readString(PAGE)).contains(JdbcIdempotencyStore.ddl(JdbcIdempotencyStore.TABLE));
    }
}
