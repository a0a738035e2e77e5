package io.multistatus;

import static org.assertj.core.api.Assertions.assertThat;

import io.multistatus.job.JdbcJobStore;
import io.multistatus.job.JobState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page on jobs, held against the code. */
class JobsPageTest {
    private static final Path PAGE = Path.of(System.getProperty("basedir", ""), "docs", "JOBS.md");
    private static final Pattern STATES = Pattern.compile("^\\| `state` \\| (.*) \\|$", Pattern.MULTILINE);

    @Test
    void theTablesAreThoseThatTheFilterMakes() throws IOException {
        assertThat(page()).contains(JdbcJobStore.ddl(JdbcJobStore.TABLE));
    }

    @Test
    void everyStateIsThere() throws IOException {
        Matcher states = STATES.matcher(page());
        assertThat(states.find()).isTrue();
        List<String> documented = Pattern.compile("`(\\w+)`")
                .matcher(states.group(1))
                .results()
                .map(state -> state.group(1))
                .toList();
        assertThat(documented)
                .containsExactlyElementsOf(Stream.of(JobState.values())
                        .map(state -> state.name().toLowerCase(Locale.ROOT))
                        .toList());
    }

    private static String page() throws IOException {
        return Files.readString(PAGE);
    }
}
