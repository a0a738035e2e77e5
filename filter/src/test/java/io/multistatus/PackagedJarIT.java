package io.multistatus;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the filter's two jars may hold: the filter, and nothing of tests, of others or of the machine they were built on. */
class PackagedJarIT {
    /** More than a third above what it takes now, so that a library that gets in is seen. */
    private static final long MAX_BYTES = 1_200_000;

    private static final Pattern EXPECTED = Pattern.compile(String.join(
            "|",
            "io/multistatus/([a-z]+/)*[A-Z][\\w$]*\\.class",
            "io/multistatus/([a-z]+/)*package-info\\.class",
            "io/multistatus/openapi\\.json",
            "META-INF/(MANIFEST\\.MF|LICENSE|web-fragment\\.xml)",
            "META-INF/services/io\\.multistatus\\.dispatch\\.DispatcherProvider",
            "META-INF/maven/io\\.multistatus/multistatus-filter/pom\\.(xml|properties)",
            "META-INF/resources/multistatus/(batch\\.d\\.ts|batch(es)?\\.js(\\.map)?)"));

    private static final Pattern SPRING = Pattern.compile("META-INF/spring(\\.factories|-configuration-metadata\\.json"
            + "|/org\\.springframework\\.boot\\.autoconfigure\\.AutoConfiguration\\.imports)");

    /** The class path's own test classes tell which names are those of tests. */
    private static final Path TEST_CLASSES = Path.of(System.getProperty("test.classes"));

    @Test
    void theJarHoldsTheFilterOnly() throws IOException {
        assertThat(unexpected("multistatus.jar"))
                .allMatch(entry -> SPRING.matcher(entry).matches());
    }

    @Test
    void theJavaxJarHoldsNoMore() throws IOException {
        assertThat(unexpected("multistatus.javax.jar")).isEmpty();
        assertThat(entries("multistatus.javax.jar")).noneMatch(entry -> entry.startsWith("io/multistatus/spring/"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"multistatus.jar", "multistatus.javax.jar"})
    void noTestIsInside(String property) throws IOException {
        assertThat(TEST_CLASSES.resolve("io/multistatus/PackagedJarIT.class")).exists();
        assertThat(entries(property))
                .contains("io/multistatus/BatchFilter.class")
                .noneMatch(entry -> entry.endsWith(".class")
                        && !entry.endsWith("package-info.class")
                        && Files.exists(TEST_CLASSES.resolve(entry)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"multistatus.jar", "multistatus.javax.jar"})
    void itIsAModuleWithAName(String property) throws IOException {
        try (JarFile jar = open(property)) {
            Attributes main = jar.getManifest().getMainAttributes();

            assertThat(main.getValue("Automatic-Module-Name")).isEqualTo("io.multistatus");
            assertThat(main.getValue("Class-Path")).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"multistatus.jar", "multistatus.javax.jar"})
    void itIsSmall(String property) throws IOException {
        assertThat(Files.size(Path.of(System.getProperty(property)))).isLessThan(MAX_BYTES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"multistatus.jar", "multistatus.javax.jar"})
    void itNamesNoFolderOfTheMachineItWasBuiltOn(String property) throws IOException {
        List<String> folders = List.of(System.getProperty("basedir"), System.getProperty("java.home"));
        try (JarFile jar = open(property)) {
            assertThat(jar.stream().filter(entry -> {
                        String content = content(jar, entry);
                        return folders.stream().anyMatch(content::contains);
                    }))
                    .isEmpty();
        }
    }

    @Test
    void theServletApiIsNamedAsTheContainersOfTheJarHaveIt() throws IOException {
        Map<String, String> other =
                Map.of("multistatus.jar", "javax/servlet/", "multistatus.javax.jar", "jakarta/servlet/");
        for (Map.Entry<String, String> each : other.entrySet()) {
            try (JarFile jar = open(each.getKey())) {
                assertThat(jar.stream()
                                .filter(entry -> entry.getName().endsWith(".class"))
                                .filter(entry -> content(jar, entry).contains(each.getValue())))
                        .as("classes that speak of %s in %s", each.getValue(), each.getKey())
                        .isEmpty();
            }
        }
    }

    private static List<String> unexpected(String property) throws IOException {
        List<String> entries = entries(property);
        assertThat(entries).hasSizeGreaterThan(100).doesNotHaveDuplicates();
        return entries.stream()
                .filter(entry -> !EXPECTED.matcher(entry).matches())
                .toList();
    }

    private static List<String> entries(String property) throws IOException {
        try (JarFile jar = open(property)) {
            return jar.stream()
                    .filter(entry -> !entry.isDirectory())
                    .map(ZipEntry::getName)
                    .toList();
        }
    }

    private static JarFile open(String property) throws IOException {
        return new JarFile(System.getProperty(property));
    }

    private static String content(JarFile jar, ZipEntry entry) {
        try (InputStream in = jar.getInputStream(entry)) {
            return new String(in.readAllBytes(), ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
