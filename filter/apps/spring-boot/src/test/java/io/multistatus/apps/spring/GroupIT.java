package io.multistatus.apps.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.multistatus.equivalence.BatchAnswer;
import io.multistatus.equivalence.ItemAnswer;
import io.multistatus.equivalence.RequestCase;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Groups of items whose handlers are {@code @Transactional}. */
@Tag("container")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GroupIT {
    private static final String COUNT = "public/lines";

    private Host host;
    private Client client;

    @BeforeAll
    void start() {
        host = Host.start(List.of());
        client = new Client(host.port());
    }

    @AfterEach
    void clear() {
        host.context().getBean(Lines.class).clear();
    }

    @AfterAll
    void stop() {
        host.close();
    }

    private static int lines(Host host) throws IOException {
        return Integer.parseInt(
                new Client(host.port()).alone(RequestCase.get("/public/lines")).text());
    }

    /** Nothing of a group is held any more. */
    private static void assertNothingIsOpen(Host host) throws IOException {
        HikariDataSource pool = host.context().getBean(HikariDataSource.class);
        await().until(() -> pool.getHikariPoolMXBean().getActiveConnections() == 0);
        assertThat(new Client(host.port())
                        .alone(RequestCase.get("/public/lines/transaction"))
                        .text())
                .isEqualTo("null");
    }

    @Test
    void aGroupThatSucceedsStays() throws IOException {
        BatchAnswer batch = client.group("public/lines/a", "public/lines/b?then=in-time", COUNT);

        assertThat(batch.items()).extracting(ItemAnswer::status).containsExactly(201, 201, 200);
        assertThat(batch.item("2").body().asText()).as("seen within the group").isEqualTo("2");
        assertThat(lines(host)).isEqualTo(2);
        assertNothingIsOpen(host);
    }

    @ParameterizedTest
    @CsvSource({
        "public/lines/c?then=conflict, 409",
        "public/lines/c?then=throw,    500",
        "public/lines/a,               500",
        "public/lines/c/callable,      501",
        "public/lines/c/deferred,      501",
        "public/lines/c/future,        501",
        "public/nowhere,               404",
        "api/notes,                    403",
    })
    void aGroupThatFailsLeavesNothing(String culprit, int status) throws IOException {
        BatchAnswer batch = client.group("public/lines/a", "public/lines/b", culprit, "public/lines/d");

        assertThat(batch.items()).extracting(ItemAnswer::status).containsExactly(424, 424, status, 424);
        assertThat(batch.item("0").body().asText()).contains("rolled-back", "\"culprit\":\"2\"");
        assertThat(lines(host)).isZero();
        assertNothingIsOpen(host);
    }

    /** By a method that failed, which the handler did not mind; or by something that wants to be asked before a commit. */
    @ParameterizedTest
    @CsvSource({"swallow", "refuse"})
    void aGroupThatCannotBeCommittedLeavesNothingAlthoughAllHaveSucceeded(String then) throws IOException {
        BatchAnswer batch = client.group("public/lines/a", "public/lines/b?then=" + then, "public/lines/c");

        assertThat(batch.items())
                .allSatisfy(item -> assertThat(item.status()).isEqualTo(424))
                .allSatisfy(item -> assertThat(item.body().asText()).contains("commit-failed"));
        assertThat(lines(host)).isZero();
        assertNothingIsOpen(host);
    }

    @Test
    void whatAHandlerDoesInATransactionOfItsOwnIsNotOfTheGroup() throws IOException {
        BatchAnswer batch = client.group("public/lines/a", "public/lines/b?then=apart", "public/lines/c?then=conflict");

        assertThat(batch.items()).extracting(ItemAnswer::status).containsExactly(424, 424, 409);
        assertThat(lines(host)).isEqualTo(1);
        assertNothingIsOpen(host);
    }

    @Test
    void aGroupThatTakesTooLongLeavesNothingAndNobodyHasSeenIt() throws Exception {
        ExecutorService other = Executors.newSingleThreadExecutor();
        try (Host hasty = Host.start(List.of("multistatus.item-timeout=3s"))) {
            Lines lines = hasty.context().getBean(Lines.class);
            Client toHasty = new Client(hasty.port());
            Future<BatchAnswer> posted =
                    other.submit(() -> toHasty.group("public/lines/a", "public/lines/b?then=hang", "public/lines/c"));
            lines.awaitHeld();
            assertThat(lines(hasty)).as("while the group is at work").isZero();

            assertThat(posted.get().items()).extracting(ItemAnswer::status).containsExactly(424, 504, 424);
            assertThat(lines(hasty)).isZero();
            lines.letGo();
            assertNothingIsOpen(hasty);
            assertThat(lines(hasty)).isZero();
        } finally {
            other.shutdownNow();
        }
    }

    @Test
    void groupsOfDifferentBatchesDoNotMeet() throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(8);
        try {
            List<Future<BatchAnswer>> all = IntStream.range(0, 40)
                    .mapToObj(i -> clients.submit(() -> client.group(
                            "public/lines/a" + i,
                            "public/lines/b" + i,
                            "public/lines/c" + i + (i % 2 == 0 ? "" : "?then=conflict"))))
                    .toList();
            for (int i = 0; i < all.size(); i++) {
                assertThat(all.get(i).get().items())
                        .extracting(ItemAnswer::status)
                        .containsExactlyElementsOf(i % 2 == 0 ? List.of(201, 201, 201) : List.of(424, 424, 409));
            }
        } finally {
            clients.shutdownNow();
        }
        assertThat(lines(host)).isEqualTo(60);
        assertNothingIsOpen(host);
    }
}
