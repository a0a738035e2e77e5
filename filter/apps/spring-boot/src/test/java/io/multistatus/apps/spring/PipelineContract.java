package io.multistatus.apps.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.multistatus.equivalence.Appearance;
import io.multistatus.equivalence.BatchAnswer;
import io.multistatus.equivalence.Field;
import io.multistatus.equivalence.HttpAnswer;
import io.multistatus.equivalence.ItemAnswer;
import io.multistatus.equivalence.RequestCase;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/** An item passes Spring Security and Spring MVC exactly as the same request does alone. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PipelineContract {
    private static final Field PARALLEL = new Field("Prefer", "execution=parallel");
    private static final Field[] AS_IT_IS = {};

    /** How to talk to the running app. */
    abstract Client client();

    @TestFactory
    Stream<DynamicTest> aloneInABatch() throws IOException {
        return cases().stream()
                .map(request -> dynamicTest(request.name(), () -> {
                    HttpAnswer alone = client().alone(request);
                    BatchAnswer batch = client().batch(List.of(request));
                    assertSame(request, batch, batch.item("0"), alone);
                    assertThat(Appearance.cookies(batch.http())).isEqualTo(Appearance.cookies(alone));
                }));
    }

    @TestFactory
    Stream<DynamicTest> mixedWithOthersInParallel() throws IOException {
        List<RequestCase> shuffled = new ArrayList<>(cases());
        Collections.shuffle(shuffled, new Random(7));
        return mixed(shuffled, PARALLEL);
    }

    @TestFactory
    Stream<DynamicTest> mixedWithOthersInDocumentOrder() throws IOException {
        return mixed(cases(), AS_IT_IS);
    }

    private List<RequestCase> cases() throws IOException {
        List<RequestCase> all = new ArrayList<>(Cases.anonymous());
        all.addAll(Cases.within(client().login("user0")));
        return all;
    }

    private Stream<DynamicTest> mixed(List<RequestCase> requests, Field... more) {
        return Client.together(requests).stream()
                .map(batched -> dynamicTest(batched.size() + " items from " + batched.get(0), () -> {
                    BatchAnswer batch = client().batch(batched, more);
                    for (int i = 0; i < batched.size(); i++) {
                        RequestCase request = batched.get(i);
                        assertSame(request, batch, batch.item(String.valueOf(i)), client().alone(request));
                    }
                }));
    }

    static void assertSame(RequestCase request, BatchAnswer batch, ItemAnswer item, HttpAnswer alone) {
        assertThat(Appearance.of(item, batch.http().clientPort(), PipelineContract::withoutWhatVaries))
                .as("%s as an item (the wire is what is expected)", request.name())
                .isEqualTo(Appearance.of(alone, item.body(), PipelineContract::withoutWhatVaries));
    }

    /**
     * The time in Spring Boot's error documents and pages; and the URI on the page by which Jetty refuses one that has more
     * than one meaning: on the wire, the Jetty of Spring Boot 3.5.7 writes {@code /badURI} instead of it.
     */
    private static String withoutWhatVaries(String body) {
        return body.replaceAll("\"timestamp\":\"[^\"]+\"", "\"timestamp\":*")
                .replaceAll("<tr><th>URI:</th><td>[^<]*</td></tr>", "<tr><th>URI:</th><td>*</td></tr>")
                .replaceAll("<div id='created'>[^<]+</div>", "<div id='created'>*</div>");
    }

    @Test
    void theBatchItselfNeedsNoTokenButEachUnsafeItemDoes() throws IOException {
        Client.Login user = client().login("user0");
        RequestCase note = Cases.inSession(Cases.json("/api/notes", "\"x\""), user);
        BatchAnswer batch = client().batch(List.of(note, note.with("X-CSRF-TOKEN", user.token())));

        assertThat(batch.http().status()).isEqualTo(207);
        assertThat(batch.item("0").status()).isEqualTo(403);
        assertThat(batch.item("1").status()).isEqualTo(200);
    }

    @Test
    void aTokenOnTheBatchIsInheritedByItems() throws IOException {
        Client.Login user = client().login("user1");
        RequestCase note = Cases.inSession(Cases.json("/api/notes", "\"x\""), user);
        BatchAnswer batch = client().batch(List.of(note, note), new Field("X-CSRF-TOKEN", user.token()));

        assertThat(batch.items()).extracting(ItemAnswer::status).containsExactly(200, 200);
        assertThat(batch.item("0").body().asText()).isEqualTo("user1 noted \"x\"");
    }

    @Test
    void withoutALoginItemsAreRefusedAsAlone() throws IOException {
        RequestCase me = RequestCase.get("/api/me").with("X-Requested-With", "XMLHttpRequest");
        BatchAnswer batch = client().batch(List.of(me, RequestCase.get("/public/json"), Cases.json("/api/notes", "1")));

        assertThat(batch.items()).extracting(ItemAnswer::status).containsExactly(401, 200, 403);
        assertThat(client().alone(me).status()).isEqualTo(401);
    }

    @Test
    void aLoginInABatchIsTheClientsAfterwardsAndNobodyElses() throws IOException {
        Client.Login before = client().withToken("");
        RequestCase login = Client.login("user2", "user2", before);
        RequestCase me = Cases.inSession(RequestCase.get("/api/me"), before).with("X-Requested-With", "XMLHttpRequest");
        BatchAnswer batch = client().batch(List.of(login, me));

        assertThat(batch.item("0").status()).isEqualTo(204);
        // There is no cookie jar inside a batch, and Spring Security has given the session another id.
        assertThat(batch.item("1").status()).isEqualTo(401);
        String cookie = Client.cookie(batch.http());
        assertThat(cookie).isNotEqualTo(before.cookie());
        BatchAnswer next = client().batch(List.of(RequestCase.get("/api/me").withOuter("Cookie", cookie)));
        assertThat(next.item("0").body().asText()).contains("\"name\":\"user2\"");
    }

    @Test
    void aFailedLoginAndALogoutAreAnsweredAsAlone() throws IOException {
        for (boolean good : new boolean[] {false, true}) {
            RequestCase alone = good ? logout() : Client.login("user3", "wrong", client().withToken(""));
            RequestCase item = good ? logout() : Client.login("user3", "wrong", client().withToken(""));
            HttpAnswer answer = client().alone(alone);
            BatchAnswer batch = client().batch(List.of(item));
            assertSame(item, batch, batch.item("0"), answer);
            assertThat(answer.status()).isEqualTo(good ? 204 : 401);
            assertThat(Appearance.cookies(batch.http())).isEqualTo(Appearance.cookies(answer));
        }
    }

    private RequestCase logout() throws IOException {
        Client.Login user = client().login("user3");
        return Cases.inSession(RequestCase.of("POST", "/logout"), user).with("X-CSRF-TOKEN", user.token());
    }

    @Test
    void aSessionsBeanIsTheSameForAllItemsOfItsUser() throws IOException {
        Client.Login user = client().login("user4");
        RequestCase add =
                Cases.inSession(RequestCase.of("POST", "/api/basket"), user).with("X-CSRF-TOKEN", user.token());
        BatchAnswer batch = client().batch(Collections.nCopies(20, add));

        assertThat(batch.items())
                .extracting(item -> item.body().asText())
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 20)
                        .mapToObj(i -> "{\"things\":" + i + "}")
                        .toList());
    }

    @Test
    void nobodySeesAnothersSessionUnderLoad() throws Exception {
        List<Callable<List<String>>> clients = new ArrayList<>();
        for (int i = 0; i < SecuritySetup.USERS; i++) {
            String user = "user" + i;
            Client.Login login = client().login(user);
            clients.add(() -> strangersSeen("\"name\":\"" + user + "\"", user, login.cookie()));
        }
        clients.add(() -> strangersSeen("\"status\":401", "anonymousUser", "JSESSIONID=none"));
        ExecutorService threads = Executors.newFixedThreadPool(clients.size());
        try {
            for (Future<List<String>> each : threads.invokeAll(clients)) {
                assertThat(each.get()).isEmpty();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** What a user is told in some batches of his that is not about him. */
    private List<String> strangersSeen(String me, String name, String cookie) throws IOException {
        RequestCase asksWhoIAm = RequestCase.get("/api/me")
                .with("X-Requested-With", "XMLHttpRequest")
                .withOuter("Cookie", cookie);
        RequestCase echo = RequestCase.get("/public/echo").withOuter("Cookie", cookie);
        RequestCase callable = RequestCase.get("/public/async/callable").withOuter("Cookie", cookie);
        List<RequestCase> items = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            items.addAll(List.of(asksWhoIAm, echo, callable));
        }
        List<String> strangers = new ArrayList<>();
        for (int round = 0; round < 10; round++) {
            BatchAnswer batch = client().batch(items, PARALLEL);
            for (int i = 0; i < items.size(); i++) {
                ItemAnswer item = batch.item(String.valueOf(i));
                String said = "\"status\":" + item.status() + " " + item.body().asText();
                boolean mine = i % 3 == 0 ? said.contains(me) : said.contains(name);
                if (!mine
                        || !item.header("X-User").equals("null")
                        || !item.header("X-Context").equals("null")) {
                    strangers.add(said + item.headers());
                }
            }
        }
        return strangers;
    }

    @Test
    void whatThePropertiesDenyIsDeniedInBatchesOnly() throws IOException {
        Client.Login user = client().login("user5");
        RequestCase denied = Cases.inSession(RequestCase.get("/denied/to-batches"), user);
        // Wherever a forwarding header may say that the app is.
        RequestCase prefixed = denied.withOuter("X-Forwarded-Prefix", "/elsewhere");

        assertThat(client().alone(denied).status()).isEqualTo(200);
        assertThat(client().batch(List.of(denied)).item("0").status()).isEqualTo(403);
        assertThat(client().batch(List.of(prefixed)).item("0").status()).isEqualTo(403);
    }

    @Test
    void aGroupRunsInTheAppsTransaction() throws IOException {
        BatchAnswer failed = client().group("public/lines/a", "public/lines/b?then=conflict", "public/lines");
        BatchAnswer succeeded = client().group("public/lines/a", "public/lines/c", "public/lines");

        assertThat(failed.items()).extracting(ItemAnswer::status).containsExactly(424, 409, 424);
        assertThat(succeeded.items()).extracting(ItemAnswer::status).containsExactly(201, 201, 200);
        assertThat(succeeded.item("2").body().asText()).isEqualTo("2");
    }
}
