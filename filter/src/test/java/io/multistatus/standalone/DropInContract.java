package io.multistatus.standalone;

import static io.multistatus.equivalence.RequestCase.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.multistatus.equivalence.Appearance;
import io.multistatus.equivalence.BatchAnswer;
import io.multistatus.equivalence.BatchCall;
import io.multistatus.equivalence.Field;
import io.multistatus.equivalence.HttpAnswer;
import io.multistatus.equivalence.ItemAnswer;
import io.multistatus.equivalence.RawHttpClient;
import io.multistatus.equivalence.RequestCase;
import io.multistatus.support.Envelopes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What must hold on every server that is downloaded and started by itself, for an app to whose WAR nothing was added but
 * the jars.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class DropInContract {
    private static final int ITEMS = 40;

    private final String name;
    private final Distribution distribution;
    private final OldAppWar app;

    private Distribution.Running server;
    private RawHttpClient client;
    private HttpAnswer login;

    /**
     * On that distribution.
     *
     * @param name its folder below {@code target/distributions}
     * @param app by its Servlet API
     */
    DropInContract(String name, Distribution distribution, OldAppWar app) {
        this.name = name;
        this.distribution = distribution;
        this.app = app;
    }

    /** What the {@code web.xml} of {@link AppVariant#SHOP} has more. */
    String webXml() {
        return "";
    }

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        List<Path> wars = new ArrayList<>();
        for (AppVariant variant : AppVariant.values()) {
            Path war = folder.resolve(variant.path() + ".war");
            Path packed = Files.createDirectories(folder.resolve(variant.path()));
            app.pack(variant, variant == AppVariant.SHOP ? webXml() : "", packed, war);
            wars.add(war);
        }
        Path base = Files.createDirectories(folder.resolve("base")).toRealPath();
        server = distribution.start(Distribution.home(name), wars, base);
        client = RawHttpClient.plain(server.port());
        // The first request of all, so that a WAR that was not deployed is told with the server's log.
        login = client.send("POST", "/shop/session?value=kept", List.of(), null);
        assertThat(login.status()).as(() -> log()).isEqualTo(200);
    }

    /** Whatever the tests found: a server that does not end when asked to has threads that nobody ends. */
    @AfterAll
    void stop() throws Exception {
        if (server != null) {
            server.process().stop();
            assertThat(log()).doesNotContain("has failed to stop it", "memory leak");
        }
    }

    private String log() {
        try {
            return server.process().log();
        } catch (IOException e) {
            return e.toString();
        }
    }

    private String session() {
        String cookie = login.first("Set-Cookie").orElseThrow();
        return cookie.substring(0, cookie.indexOf(';'));
    }

    private static RequestCase withCredentials(RequestCase request) {
        String credentials = OldAppWar.USER + ":" + OldAppWar.PASSWORD;
        return request.with(
                "Authorization",
                "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.US_ASCII)));
    }

    private HttpAnswer alone(RequestCase request) throws IOException {
        List<Field> fields = new ArrayList<>(request.outer());
        fields.addAll(request.fields());
        return client.send(request.method(), request.target(), fields, request.body());
    }

    private BatchAnswer inBatch(RequestCase... requests) throws IOException {
        BatchCall batch = new BatchCall("/shop/batch");
        for (RequestCase request : requests) {
            request.outer().forEach(field -> batch.header(field.name(), field.value()));
            batch.item(request.name(), request);
        }
        HttpAnswer answer = batch.exchange(client);
        assertThat(answer.status()).as(() -> answer.text() + "\n" + log()).isEqualTo(207);
        return BatchAnswer.read(answer);
    }

    @Test
    void theProtectedServletIs401WithoutCredentialsAnd200WithThem() throws Exception {
        RequestCase anonymous = get("/shop/members/card");
        RequestCase member = withCredentials(anonymous.named("with credentials"));

        BatchAnswer batch = inBatch(anonymous, member);

        ItemAnswer refused = batch.item(anonymous.name());
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.header("WWW-Authenticate")).contains(OldAppWar.REALM);
        assertThat(batch.item(member.name()).status()).isEqualTo(200);
        assertThat(batch.item(member.name()).body().asText()).isEqualTo("BASIC ada true ada");
    }

    /**
     * Which of the app's filters run for a batch, and how often: those in front of the batch filter once more than there
     * are items, those behind it for the items.
     */
    static List<Arguments> filters() {
        return List.of(
                // In web.xml, so in front of what the fragment maps, whatever that would like.
                Arguments.of(AppVariant.SHOP, "seen", true),
                Arguments.of(AppVariant.MAPPED_FIRST, "seen", false),
                Arguments.of(AppVariant.COMPLETE_AND_REGISTERED, "seen", false),
                Arguments.of(AppVariant.WITH_ANOTHER_JAR, "seen", true),
                Arguments.of(AppVariant.WITH_ANOTHER_JAR, "other", false),
                Arguments.of(AppVariant.WITH_ANOTHER_JAR, "ahead", true),
                Arguments.of(AppVariant.WITH_ANOTHER_JAR, "after", false),
                Arguments.of(AppVariant.BEHIND_ANOTHER_JAR, "other", true));
    }

    @ParameterizedTest
    @MethodSource("filters")
    void everyFilterRunsForEachItemAndThoseInFrontForTheBatchToo(AppVariant variant, String filter, boolean inFront)
            throws Exception {
        String path = "/" + variant.path();
        String item = UUID.randomUUID().toString();
        String outer = UUID.randomUUID().toString();
        BatchCall batch = new BatchCall(path + "/batch?tag=" + outer);
        for (int i = 0; i < ITEMS; i++) {
            batch.item("number " + i, get(path + "/digits.txt?tag=" + item));
        }
        assertThat(batch.send(client).items()).hasSize(ITEMS).allMatch(answer -> answer.status() == 200);

        String seen = path + "/seen?by=" + filter + "&of=";
        assertThat(alone(get(seen + item)).text()).isEqualTo(Integer.toString(ITEMS));
        assertThat(alone(get(seen + outer)).text()).isEqualTo(inFront ? "1" : "0");
    }

    @ParameterizedTest
    @EnumSource(names = {"COMPLETE", "LEFT_OUT"})
    void aFragmentThatIsNotReadGivesNoEndpoint(AppVariant variant) throws Exception {
        String path = "/" + variant.path();

        assertThat(alone(get(path + "/digits.txt")).status()).isEqualTo(200);
        assertThat(alone(get(path + "/batch")).status()).isEqualTo(404);
    }

    static List<RequestCase> requests() {
        return List.of(
                get("/shop/hello.json"),
                get("/shop/digits.txt").with("Range", "bytes=17-41"),
                get("/shop/digits.txt").with("Range", "bytes=9000-").named("beyond its end"),
                RequestCase.of("HEAD", "/shop/digits.txt"),
                get("/shop/docs/"),
                get("/shop/docs"),
                get("/shop/missing"),
                get("/shop/async"),
                get("/shop/fail"),
                get("/shop/session"),
                get("/shop/members/card"),
                withCredentials(get("/shop/members/card")).named("with credentials"),
                withCredentials(get("/shop/members")).named("with credentials"),
                RequestCase.of("POST", "/shop/form")
                        .body("application/x-www-form-urlencoded", "name=Ada".getBytes(StandardCharsets.US_ASCII)),
                get("/shop/WEB-INF/web.xml"),
                get("/elsewhere/index.html"));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void itIsAnsweredAsAlone(RequestCase request) throws Exception {
        HttpAnswer alone = alone(request);
        BatchAnswer batch = inBatch(request);
        ItemAnswer item = batch.item(request.name());

        assertThat(Appearance.of(item, batch.http().clientPort())).isEqualTo(Appearance.of(alone, item.body()));
    }

    @Test
    void allAtOnceAreAnsweredAsAlone() throws Exception {
        List<RequestCase> requests = requests();
        BatchAnswer batch = inBatch(requests.toArray(RequestCase[]::new));

        for (RequestCase request : requests) {
            ItemAnswer item = batch.item(request.name());
            assertThat(Appearance.of(item, batch.http().clientPort()))
                    .as(request.name())
                    .isEqualTo(Appearance.of(alone(request), item.body()));
        }
    }

    @Test
    void itemsAreInTheSessionOfTheBatch() throws Exception {
        RequestCase read = get("/shop/session").withOuter("Cookie", session());
        assertThat(inBatch(read).item(read.name()).body().asText()).isEqualTo("value=kept");

        RequestCase write =
                RequestCase.of("POST", "/shop/session?value=changed").withOuter("Cookie", session());
        assertThat(inBatch(write).item(write.name()).status()).isEqualTo(200);

        assertThat(alone(read).text()).isEqualTo("value=changed");
        RequestCase restore = RequestCase.of("POST", "/shop/session?value=kept").withOuter("Cookie", session());
        assertThat(alone(restore).status()).isEqualTo(200);
    }

    @Test
    void theErrorPageIsThatOfTheApp() throws Exception {
        RequestCase failing = get("/shop/fail");
        ItemAnswer item = inBatch(failing).item(failing.name());

        assertThat(item.status()).isEqualTo(500);
        assertThat(item.body().asText()).isEqualTo("sorry: 500 for /shop/fail, ERROR");
    }

    @Test
    void theEndpointTellsItsLimits() throws Exception {
        HttpAnswer limits = alone(get("/shop/batch"));

        assertThat(limits.status()).isEqualTo(200);
        assertThat(Envelopes.parse(limits.text())
                        .path("limits")
                        .path("maxRequests")
                        .asInt())
                .isEqualTo(100);
    }

    @Test
    void pagesGetTheBrowserModule() throws Exception {
        HttpAnswer module = alone(get("/shop/multistatus/batch.js"));

        assertThat(module.status()).isEqualTo(200);
        assertThat(module.first("Cache-Control")).as("by the filter").contains("max-age=600");
        assertThat(module.text()).contains("export const{createBatcher,BatchError}=");
    }

    @Test
    void theAccessLogHasALineForEachItem() throws Exception {
        String tag = UUID.randomUUID().toString();
        inBatch(
                get("/shop/hello.json?tag=" + tag).named("one"),
                get("/shop/hello.json?tag=" + tag).named("two"),
                get("/shop/missing?tag=" + tag).named("three"));

        await().untilAsserted(() -> assertThat(server.accessLogLines(tag)).isEqualTo(3));
    }
}
