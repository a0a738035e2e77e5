package io.multistatus.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page about clients, held against what is tested. */
class ClientsPageTest {
    private static final Path PAGE = Path.of(System.getProperty("clients.page"));
    private static final Pattern ROW =
            Pattern.compile("^\\| `([^`]+)` \\((?:npm|Maven)[^)]*\\) \\| ([0-9.]+) \\|", Pattern.MULTILINE);

    @Test
    void itHasEveryClientThatIsTestedInThatVersion() throws IOException {
        Map<String, String> documented = new TreeMap<>();
        ROW.matcher(Files.readString(PAGE)).results().forEach(row -> documented.put(row.group(1), row.group(2)));

        Map<String, String> tested = new TreeMap<>();
        JsonNode fromNpm = new ObjectMapper()
                .readTree(NodeClientsIT.TESTS.source().resolve("package.json").toFile())
                .get("dependencies");
        fromNpm.fieldNames()
                .forEachRemaining(
                        client -> tested.put(client, fromNpm.get(client).textValue()));
        assertThat(NodeClientsIT.TESTS.subjects()).hasSameSizeAs(tested.keySet());
        tested.put("com.google.api-client:google-api-client", System.getProperty("google-api-client.version"));
        tested.put("org.apache.olingo:odata-client-core", System.getProperty("olingo.version"));
        assertThat(documented).isEqualTo(tested);
    }
}
