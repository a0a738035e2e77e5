package io.multistatus.demo.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.multistatus.demo.support.PostgresServer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** The shop on PostgreSQL. */
class PostgresDatabaseIT {

    @Test
    void processesThatStartAtOnceMakeAndFillTheTablesOnce() throws Exception {
        String url = PostgresServer.urlOfNewDatabase();
        Callable<Database> start = () -> Database.open(url);
        List<Database> opened = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (Future<Database> one : threads.invokeAll(Collections.nCopies(4, start))) {
                opened.add(one.get());
            }
            assertThat(opened)
                    .allSatisfy(database ->
                            assertThat(database.products().list(0, 100)).hasSize(60));
        } finally {
            threads.shutdownNow();
            opened.forEach(Database::close);
        }
    }

    @Test
    void everythingIsAsInTheOtherDatabase() throws Exception {
        try (Database database = Database.open(PostgresServer.urlOfNewDatabase())) {
            Product teapot = database.products().find(7).orElseThrow();
            Cart cart = database.carts().create(null);
            database.carts().add(cart.id(), teapot, 2);
            Order order = database.orders().place("Ada", cart.id()).orElseThrow();

            assertThat(order.totalCents()).isEqualTo(2L * teapot.priceCents());
            assertThat(database.orders().list("Ada")).containsExactly(order);
            assertThat(database.orders().lines(order.id()))
                    .extracting(Order.Line::name)
                    .containsExactly(teapot.name());
            assertThat(database.reservations().reserve(7, order.id(), 2)).isPresent();
            assertThat(database.products().list("coffee", 1, 1)).hasSize(1);
            assertThat(database.reports().figures().revenueCents()).isEqualTo(order.totalCents());
            assertThat(database.imports().add("list", 1, "S-1", 100)).isPresent();
            assertThat(database.imports().add("list", 1, "S-1", 100)).isPresent();
            assertThat(database.imports().add("list", 100, "S-100", 100)).isEmpty();
            assertThat(database.imports().count("list")).isEqualTo(new Imports.Count("list", 2, 1));
            database.imports().clear("list");
            assertThat(database.imports().count("list")).isEqualTo(new Imports.Count("list", 0, 0));
            assertThat(database.imports().add("list", 100, "S-100", 100)).isEmpty();
        }
    }

    @Test
    void whoeverLosesADeadlockMayTryAgain() {
        assertThat(new StoreException("a test", new SQLException("deadlock detected", "40P01")).mayPass())
                .isTrue();
        assertThat(new StoreException("a test", new SQLException("canceling due to lock timeout", "55P03")).mayPass())
                .isTrue();
        assertThat(new StoreException("a test", new SQLException("violates check", "23514")).mayPass())
                .isFalse();
    }

    @Test
    void aDatabaseThatIsNotThereIsRefusedInTheServersWords() {
        String url = PostgresServer.urlOfNewDatabase().replaceFirst("/test[0-9]+", "/nosuch");

        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> Database.open(url))
                .withMessageContaining("database \"nosuch\" does not exist");
    }
}
