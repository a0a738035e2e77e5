package io.multistatus.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the README has one paste is answered with what it says, by a shop that has just been started. */
class ReadmeIT {
    @RegisterExtension
    static final RunningDemo demo = new RunningDemo();

    private static final Path README = Path.of(System.getProperty("basedir", "."), "..", "README.md");
    private static final Pattern BLOCK = Pattern.compile("^```\\n(.*?)\\n```$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern CURL = Pattern.compile(
            "curl -sN? (?:-[bc] cookies\\.txt )?http://127\\.0\\.0\\.1:8080(?<path>/\\S*) -H 'Content-Type: application/json'"
                    + "(?: -H 'Accept: (?<accept>[^']*)')? -d '(?<body>[^']*)'");

    private final Visitor visitor = demo.visitor();

    @Test
    void aBatchIsAnsweredAsTheReadmeSays() throws Exception {
        Iterator<String> blocks = blocks("A batch").iterator();

        String batch = blocks.next();
        assertThat(batch).contains(Banner.BATCH);
        assertThat(post(batch)).isEqualTo(timeless(blocks.next()));
        assertThat(post(blocks.next())).isEqualTo(timeless(blocks.next()));
        assertIsAJob(blocks.next());
        assertThat(blocks).isExhausted();
    }

    private void assertIsAJob(String command) {
        assertThat(command).startsWith("curl -si http://127.0.0.1:8080/batch -H 'Prefer: respond-async'");
        String batch = command.substring(command.indexOf('{'), command.lastIndexOf('}') + 1);
        HttpResponse<String> accepted = visitor.postJson("/batch", batch, "Prefer", "respond-async");
        assertThat(accepted.statusCode()).isEqualTo(202);
        String job = accepted.headers().firstValue("Location").orElseThrow();
        await().until(() -> visitor.get(job).statusCode() != 202);
        assertThat(visitor.get(job).body()).contains("sleptMillis", "\"status\":404");
    }

    @Test
    void placingAnOrderIsAnsweredAsTheReadmeSays() throws Exception {
        Iterator<String> blocks = blocks("Place an order").iterator();

        post(blocks.next());
        String order = blocks.next();
        assertThat(post(order)).isEqualTo(timeless(blocks.next()));
        String orders = visitor.get("/api/orders").body();
        String oversold = order.replace("\"quantity\": 1", "\"quantity\": 9");
        assertThat(post(oversold)).isEqualTo(timeless(blocks.next()));
        assertThat(visitor.get("/api/orders").body()).isEqualTo(orders);
        assertThat(blocks).isExhausted();
    }

    /** The answer to a command of the README. */
    private String post(String command) {
        Matcher curl = CURL.matcher(command);
        assertThat(curl.matches()).as(command).isTrue();
        String accept = Objects.requireNonNullElse(curl.group("accept"), "*/*");
        return timeless(visitor.postJson(curl.group("path"), curl.group("body"), "Accept", accept)
                .body());
    }

    private static String timeless(String text) {
        return text.replaceAll("\"placedAt\":\"20[0-9T:.-]*Z\"", "\"placedAt\":\"then\"")
                .stripTrailing();
    }

    private static List<String> blocks(String heading) throws IOException {
        String section =
                Files.readString(README).split("\n## " + heading + "\n", 2)[1].split("\n## ", 2)[0];
        return BLOCK.matcher(section)
                .results()
                .map((MatchResult block) -> block.group(1))
                .toList();
    }
}
