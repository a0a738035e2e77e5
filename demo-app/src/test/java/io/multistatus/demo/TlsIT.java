package io.multistatus.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.multistatus.demo.web.Delay;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** With {@code --tls}: HTTPS, by HTTP/2 or 1.1 as the client likes. */
class TlsIT {
    @RegisterExtension
    static final RunningDemo demo = RunningDemo.with("--tls", "--rtt", "20");

    /** Trusts whoever shows a certificate for the host's name: that is checked nevertheless. */
    private static final class Trusting implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    private static HttpClient client(Version version) throws GeneralSecurityException {
        SSLContext trusting = SSLContext.getInstance("TLS");
        trusting.init(null, new TrustManager[] {new Trusting()}, null);
        return HttpClient.newBuilder().version(version).sslContext(trusting).build();
    }

    private static HttpResponse<String> send(Version version, HttpRequest request)
            throws GeneralSecurityException, IOException, InterruptedException {
        HttpResponse<String> response = client(version).send(request, BodyHandlers.ofString());
        assertThat(response.version()).isEqualTo(version);
        return response;
    }

    private static Stream<Arguments> versionsAndPorts() {
        return Stream.concat(
                        Stream.of(demo.server().port()),
                        demo.server().delays().stream().map(Delay::port))
                .flatMap(port -> Stream.of(Version.values()).map(version -> Arguments.of(version, port)));
    }

    @ParameterizedTest
    @MethodSource("versionsAndPorts")
    void aBatchIsAnsweredByEachPort(Version version, int port) throws Exception {
        String origin = demo.server().url(port);

        HttpResponse<String> batch = send(
                version,
                HttpRequest.newBuilder(URI.create(origin + "/batch"))
                        .header("Content-Type", "application/json")
                        .header("Origin", origin)
                        .POST(BodyPublishers.ofString(Banner.BATCH))
                        .build());

        assertThat(origin).startsWith("https://127.0.0.1:");
        assertThat(batch.statusCode()).isEqualTo(207);
        assertThat(Envelope.statuses(batch)).containsExactly(200, 201, 404, 401);
    }

    @ParameterizedTest
    @EnumSource
    void thePageAndTheModuleAreThere(Version version) throws Exception {
        for (String path : new String[] {"/", "/multistatus/batch.js"}) {
            HttpRequest get = HttpRequest.newBuilder(URI.create(demo.server().baseUrl() + path))
                    .build();
            assertThat(send(version, get).statusCode()).as(path).isEqualTo(200);
        }
    }

    @Test
    void theBannerSaysSo() {
        String banner = Banner.text(demo.server());

        assertThat(banner)
                .startsWith("Multistatus demo shop on " + demo.server().container() + ": "
                        + demo.server().baseUrl() + "/  (")
                .contains("\nThe same, a round trip of 20 ms away: https://127.0.0.1:")
                .contains("\ncurl -sk https://127.0.0.1:");
    }
}
