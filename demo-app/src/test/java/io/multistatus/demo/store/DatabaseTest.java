package io.multistatus.demo.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.multistatus.transaction.BatchTransaction;
import io.multistatus.transaction.JdbcTransaction;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {

    @Test
    void aNewDatabaseHasACatalogueOfSixtyProductsWithStock() throws Exception {
        try (Database database = inMemory()) {
            assertThat(database.products().list(0, 100)).hasSize(60);
            assertThat(database.products().stock(60)).contains(new Stock(60, 0, 0));
        }
    }

    @Test
    void aDatabaseInAFileKeepsWhatItHeldAndIsNotFilledAgain(@TempDir Path directory) throws Exception {
        String url = "jdbc:h2:file:" + directory.resolve("shop");
        try (Database database = Database.open(url)) {
            assertThat(database.products().setQuantity(1, 7)).isTrue();
        }
        try (Database database = Database.open(url)) {
            assertThat(database.products().stock(1)).contains(new Stock(1, 7, 0));
            assertThat(database.products().list(0, 100)).hasSize(60);
        }
    }

    @Test
    void aUrlThatNoDriverTakesIsRefused() {
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> Database.open("jdbc:nosuch:x"))
                .withMessageContaining("No suitable driver");
    }

    @Test
    void anOrderThatFailsHalfWayLeavesNothingBehind() throws Exception {
        try (Database database = inMemory()) {
            Cart cart = database.carts().create(null);
            database.carts().add(cart.id(), new Product(1, "", "", "", 0), 1);
            String tooLong = "x".repeat(81);

            assertThatExceptionOfType(StoreException.class)
                    .isThrownBy(() -> database.orders().place(tooLong, cart.id()));

            assertThat(database.reports().figures().orders()).isZero();
            assertThat(database.orders().place("Ada", cart.id())).isPresent();
        }
    }

    @Test
    void nobodyGetsWhatIsReserved() throws Exception {
        try (Database database = inMemory()) {
            long order = database.orders().create("Ada").id();
            database.products().setQuantity(1, 3);

            assertThat(database.reservations().reserve(1, order, 2)).isPresent();
            assertThat(database.reservations().reserve(1, order, 2)).isEmpty();
            assertThat(database.reservations().reserve(1, order, 1)).isPresent();

            assertThat(database.products().stock(1)).contains(new Stock(1, 3, 3));
        }
    }

    @Test
    void whatIsReservedForNoOrderIsNotReserved() throws Exception {
        try (Database database = inMemory()) {
            Optional<Stock> before = database.products().stock(1);

            assertThatExceptionOfType(StoreException.class)
                    .isThrownBy(() -> database.reservations().reserve(1, 9999, 2))
                    .matches(failure -> !failure.mayPass());

            assertThat(database.products().stock(1)).isEqualTo(before);
        }
    }

    @Test
    void whoeverLosesADeadlockMayTryAgain() throws Exception {
        try (Database database = inMemory()) {
            long order = database.orders().create("Ada").id();
            Reservations reservations = database.reservations();
            CyclicBarrier bothHaveOne = new CyclicBarrier(2);
            ExecutorService threads = Executors.newFixedThreadPool(2);
            try {
                List<Future<Optional<StoreException>>> outcomes = threads.invokeAll(List.of(
                        () -> inGroup(() -> {
                            reservations.reserve(1, order, 1);
                            bothHaveOne.await(30, TimeUnit.SECONDS);
                            reservations.reserve(2, order, 1);
                        }),
                        () -> inGroup(() -> {
                            reservations.reserve(2, order, 1);
                            bothHaveOne.await(30, TimeUnit.SECONDS);
                            reservations.reserve(1, order, 1);
                        })));

                List<StoreException> failures = Stream.of(
                                outcomes.get(0).get(), outcomes.get(1).get())
                        .flatMap(Optional::stream)
                        .toList();
                assertThat(failures).isNotEmpty().allMatch(StoreException::mayPass);
                int placed = 2 - failures.size();
                assertThat(database.products().stock(1).orElseThrow().reserved())
                        .isEqualTo(placed);
                assertThat(database.products().stock(2).orElseThrow().reserved())
                        .isEqualTo(placed);
            } finally {
                threads.shutdownNow();
            }
        }
    }

    private interface Work {
        void run() throws Exception;
    }

    /** What the database fails at, if it does. */
    private static Optional<StoreException> inGroup(Work work) throws Exception {
        BatchTransaction.Running group = new JdbcTransaction().begin(Duration.ofSeconds(30));
        try {
            work.run();
            group.commit();
            return Optional.empty();
        } catch (StoreException e) {
            group.rollback();
            return Optional.of(e);
        }
    }

    @Test
    void oneRowOfAHundredFailsWhenItIsFirstImported() throws Exception {
        try (Database database = inMemory()) {
            Imports imports = database.imports();

            assertThat(imports.add("list", 99, "S-99", 100)).contains(new Imports.Row(1, 99, "S-99", 100));
            assertThat(imports.add("list", 100, "S-100", 100)).isEmpty();
            assertThat(imports.count("list")).isEqualTo(new Imports.Count("list", 1, 1));
            assertThat(imports.add("list", 100, "S-100", 100)).isPresent();
            assertThat(imports.add("other", 100, "S-100", 100)).isEmpty();
            assertThat(imports.count("list")).isEqualTo(new Imports.Count("list", 2, 2));
        }
    }

    @Test
    void aRowThatFailsInAGroupDoesNotFailAgainAfterTheRollback() throws Exception {
        try (Database database = inMemory()) {
            BatchTransaction.Running group = new JdbcTransaction().begin(Duration.ofSeconds(30));
            assertThat(database.imports().add("list", 99, "S-99", 100)).isPresent();
            assertThat(database.imports().add("list", 100, "S-100", 100)).isEmpty();
            group.rollback();

            assertThat(database.imports().count("list").rows()).isZero();
            assertThat(database.imports().add("list", 100, "S-100", 100)).isPresent();
        }
    }

    @Test
    void aClosedDatabaseIsNotUp() throws Exception {
        Database database = inMemory();
        assertThat(database.isUp()).isTrue();

        database.close();

        assertThat(database.isUp()).isFalse();
    }

    private static Database inMemory() throws SQLException {
        return Database.open("jdbc:h2:mem:" + UUID.randomUUID());
    }
}
