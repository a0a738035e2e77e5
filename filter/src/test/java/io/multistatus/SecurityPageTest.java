package io.multistatus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The threat model, held against the keys and the tests that there are. */
class SecurityPageTest {
    private static final Path MODULE =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath();
    private static final Path PAGE = MODULE.resolve("docs").resolve("SECURITY.md");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern A_TEST = Pattern.compile("@(Test|ParameterizedTest|Property|TestFactory)\\b");

    /** The cells of each row of the only table of a section, its head left out. */
    private static List<List<String>> rows(String section) throws IOException {
        String page = Files.readString(PAGE);
        int begin = page.indexOf("\n## " + section + "\n");
        assertThat(begin).as(section).isNotNegative();
        int end = page.indexOf("\n## ", begin + 1);
        List<List<String>> rows = page.substring(begin, end)
                .lines()
                .filter(line -> line.startsWith("| ") && line.endsWith(" |"))
                .map(line -> List.of(line.substring(2, line.length() - 2).split(" \\| ", -1)))
                .toList();
        assertThat(rows).as(section).hasSizeGreaterThan(2);
        return rows.subList(1, rows.size());
    }

    private static List<String> code(String cell) {
        return CODE.matcher(cell).results().map(code -> code.group(1)).toList();
    }

    /** The sources of all tests of the project, by the names of their classes. */
    private static Map<String, Path> tests() throws IOException {
        List<Path> sources = new ArrayList<>();
        for (String folder : List.of("src/test/java", "../demo-app/src/test/java")) {
            try (Stream<Path> files = Files.walk(MODULE.resolve(folder))) {
                files.filter(file -> file.toString().matches(".*(IT|Test)\\.java"))
                        .forEach(sources::add);
            }
        }
        return sources.stream()
                .collect(Collectors.toMap(
                        file -> file.getFileName().toString().replace(".java", ""), file -> file, (one, other) -> one));
    }

    private static void assertAreTests(List<String> row, Map<String, Path> tests) throws IOException {
        List<String> named = code(row.get(row.size() - 1));
        assertThat(named).as("tests against " + row.get(0)).isNotEmpty();
        for (String name : named) {
            assertThat(tests).as("tests against " + row.get(0)).containsKey(name);
            String source = Files.readString(tests.get(name));
            assertThat(A_TEST.matcher(source).find() || source.contains(" extends "))
                    .as(name)
                    .isTrue();
        }
    }

    @Test
    void everyThreatHasADefenceKeysThatThereAreAndTestsThatThereAre() throws IOException {
        Map<String, Path> tests = tests();
        List<String> keys = BatchInitParams.names();
        for (List<String> row : rows("Threats")) {
            assertThat(row).as(row.toString()).hasSize(4).noneMatch(String::isBlank);
            if (!row.get(2).equals("none")) {
                assertThat(code(row.get(2))).as(row.get(0)).isNotEmpty().isSubsetOf(keys);
            }
            assertAreTests(row, tests);
        }
    }

    @Test
    void everyKnownVulnerabilityHasATest() throws IOException {
        List<List<String>> rows = rows("Known vulnerabilities of other batch endpoints");
        Map<String, Path> tests = tests();
        for (List<String> row : rows) {
            assertThat(row).as(row.toString()).hasSize(3).noneMatch(String::isBlank);
            assertAreTests(row, tests);
        }
        assertThat(rows.stream().map(row -> row.get(0)).collect(Collectors.joining("\n")))
                .contains(
                        "CVE-2026-63030",
                        "CVE-2022-24112",
                        "GHSA-775h-3xrc-c228",
                        "oRPC",
                        "`$id/../..`",
                        "`RequestDispatcher.forward`",
                        "Guessing");
    }

    @Test
    void everyAttackThatIsTriedIsOnThePage() throws IOException {
        List<String> named = Stream.of(rows("Threats"), rows("Known vulnerabilities of other batch endpoints"))
                .flatMap(List::stream)
                .flatMap(row -> code(row.get(row.size() - 1)).stream())
                .toList();
        List<String> tried = tests().entrySet().stream()
                .filter(test -> test.getValue().toString().contains("/io/multistatus/security/"))
                .map(Map.Entry::getKey)
                .toList();
        assertThat(tried).hasSizeGreaterThan(5);
        assertThat(named).containsAll(tried);
    }

    @Test
    void whatItLinksToIsThere() throws IOException {
        Pattern link = Pattern.compile("\\]\\(((?!https?:)[^)#]+)(?:#[^)]*)?\\)");
        List<MatchResult> links = link.matcher(Files.readString(PAGE)).results().toList();
        assertThat(links).isNotEmpty();
        for (MatchResult each : links) {
            assertThat(PAGE.resolveSibling(each.group(1))).exists();
        }
    }
}
