package io.multistatus.equivalence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The page that says what the comparison with the wire has run on, held against the runs of this build. What has not run is
 * let stand, unless no build could run it any more; where a run was on a Java that the page knows nothing of, all but that
 * is compared. With {@code -Dcontainers.update} the page is written anew.
 */
@Tag("containers-page")
class ContainersPageIT {
    private static final Path MODULE = Path.of(System.getProperty("basedir", ""));
    private static final Path PAGE = MODULE.resolve("docs").resolve("CONTAINERS.md");

    @Test
    void thePageTellsWhatHasRun() throws IOException {
        List<TestedContainer> runs = TestedContainer.ofThisBuild();
        assertThat(runs).as("runs of the comparison in this build").isNotEmpty();
        assertThat(runs).allSatisfy(run -> {
            assertThat(run.compared()).isPositive();
            assertThat(run.protocols()).isNotEmpty();
            assertThat(run.dispatcher()).matches("[a-z]+");
        });
        String build = Files.readString(MODULE.toAbsolutePath().normalize().resolveSibling("pom.xml"));
        String page = Files.readString(PAGE);
        int begin = page.indexOf(ContainersPage.BEGIN) + ContainersPage.BEGIN.length();
        int end = page.indexOf(ContainersPage.END);
        assertThat(end).as("the markers in %s", PAGE).isGreaterThanOrEqualTo(begin);
        ContainersPage now = ContainersPage.parse(page.substring(begin, end));
        if (Boolean.getBoolean("containers.update") || "".equals(System.getProperty("containers.update"))) {
            String updated = now.with(runs, version -> build.contains(">" + version + "<"))
                    .toString();
            Files.writeString(PAGE, page.substring(0, begin) + updated + page.substring(end));
            return;
        }
        List<TestedContainer> comparable = runs.stream()
                .map(run -> now.speaksOf(run.java()) ? run : run.onJava(now.oldestJava()))
                .toList();
        assertThat(page.substring(begin, end))
                .as("%s is made from the test runs; to make it anew, run the tests with -Dcontainers.update", PAGE)
                .isEqualTo(now.with(comparable, version -> build.contains(">" + version + "<"))
                        .toString());
    }
}
