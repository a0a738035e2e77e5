package io.multistatus.equivalence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What an item sees of the batch's TLS connection: all of it, just as a request that comes on that very connection alone.
 */
@Tag("container")
@Tag("equivalence")
class ClientCertificateIT {
    private static final List<RequestCase> CASES = List.of(
            RequestCase.get("/app/tls"),
            RequestCase.get("/app/echo"),
            RequestCase.get("/app/async/dispatch-to?to=/tls"),
            RequestCase.get("/app/secure-transport"));

    @AutoClose
    private static Laboratory secure;

    @BeforeAll
    static void start() throws IOException {
        secure = Laboratory.open(
                HostContainer.ofThisRun(), HostOptions.with(Map.of()).overTls());
    }

    @AfterAll
    static void keep() throws IOException {
        TestRun.save(secure);
    }

    @Test
    void itemsSeeTheCertificateOfTheClient() throws IOException {
        assertThat(clientSeenByItems(ClientCertificate.context())).contains("CN=" + ClientCertificate.COMMON_NAME);
    }

    @Test
    void itemsSeeNoneWhereThereIsNone() throws IOException {
        assertThat(clientSeenByItems(TestCertificate.trustingContext())).isEqualTo("client: []");
    }

    /** Compares single requests and a batch of them on one connection, and returns who the client was to the items. */
    private static String clientSeenByItems(SSLContext client) throws IOException {
        BatchCall call = new BatchCall("/app/batch");
        try (RawHttpClient.Connection connection =
                RawHttpClient.overTls(secure.port(), client).open()) {
            List<HttpAnswer> alone = new ArrayList<>();
            for (RequestCase request : CASES) {
                alone.add(connection.send(request.method(), request.target(), request.fields(), request.body()));
                call.item(String.valueOf(alone.size() - 1), request);
            }
            BatchAnswer batch = call.send(connection);
            for (int i = 0; i < CASES.size(); i++) {
                ItemAnswer item = batch.item(String.valueOf(i));
                assertThat(Appearance.of(item, batch.http().clientPort()))
                        .as("%s as an item", CASES.get(i))
                        .isEqualTo(Appearance.of(alone.get(i), item.body()));
                TestRun.compared(secure.protocol());
            }
            String seen = alone.get(0).text();
            assertThat(seen)
                    .containsPattern("(?m)^session id: [0-9a-fA-F]{16,}$")
                    .containsPattern("(?m)^cipher suite: \\w+$")
                    .containsPattern("(?m)^key size: [1-9]\\d+$");
            return seen.lines()
                    .filter(line -> line.startsWith("client: "))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
