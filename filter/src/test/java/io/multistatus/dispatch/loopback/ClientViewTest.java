package io.multistatus.dispatch.loopback;

import static org.assertj.core.api.Assertions.assertThat;

import io.multistatus.model.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientViewTest {
    private final ClientView plain = new ClientView("192.0.2.7", "http", "shop.example", 80);
    private final ClientView secure = new ClientView("192.0.2.7", "https", "shop.example", 443);

    @Test
    void whatWasBelievedOfTheBatchStaysAsItIs() {
        Headers sent = Headers.of(
                "X-Forwarded-Proto", "HTTPS",
                "X-Forwarded-Host", "shop.example",
                "X-Forwarded-Port", "443",
                "X-Forwarded-Ssl", "on",
                "X-Other", "kept");
        Headers all = secure.apply(sent);
        sent.forEach((name, value) -> assertThat(all.all(name)).containsExactly(value));
        assertThat(all.all("X-Forwarded-For")).containsExactly("192.0.2.7");
    }

    /** The server may trust its own machine, where it does not trust the client. */
    @ParameterizedTest
    @CsvSource({
        "X-Forwarded-Proto, https, http",
        "x-forwarded-scheme, https, http",
        "X-Forwarded-Host, evil.example, shop.example:80",
        "X-Forwarded-Port, 443, 80"
    })
    void whatWasNotBelievedIsPutRight(String name, String said, String sent) {
        assertThat(plain.apply(Headers.of(name, said)).all(name)).containsExactly(sent);
    }

    @ParameterizedTest
    @CsvSource({"X-Forwarded-Ssl, on", "X-Proxied-Https, on", "Front-End-Https, on"})
    void whatWouldMakeAPlainConnectionLookSecureIsLeftOut(String name, String said) {
        assertThat(plain.apply(Headers.of(name, said)).contains(name)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "for=10.0.0.1 | for=10.0.0.1, for=192.0.2.7",
                "for=10.0.0.1;proto=http | for=10.0.0.1;proto=http, for=192.0.2.7",
                "for=10.0.0.1;Proto=https | for=192.0.2.7;proto=http;host=\"shop.example:80\"",
                "host=\"evil.example\" | for=192.0.2.7;proto=http;host=\"shop.example:80\""
            })
    void forwardedIsContinuedOrIfItWasNotBelievedBegunAgain(String said, String sent) {
        assertThat(plain.apply(Headers.of("Forwarded", said)).all("Forwarded")).containsExactly(sent);
    }
}
