package io.multistatus.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.multistatus.model.Headers;
import io.multistatus.support.StubRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OuterRequestTest {

    @Test
    void whatTheItemsNeedIsCopied() {
        OuterRequest outer = OuterRequest.of(
                StubRequest.with()
                        .answering("getScheme", "HTTPS")
                        .answering("getServerName", "Shop.Example")
                        .answering("getServerPort", 8080)
                        .answering("getContextPath", "/app")
                        .answering("getRequestURI", "/app/%62atch")
                        .build(),
                Headers.of("Host", "Shop.Example:8080", "X-A", "1", "x-a", "2"),
                Optional.of("elsewhere"));
        assertThat(outer.origin()).isEqualTo("https://shop.example:8080");
        assertThat(outer.host()).isEqualTo("Shop.Example:8080");
        assertThat(outer.contextPath()).isEqualTo("/app");
        assertThat(outer.path()).isEqualTo("/app/%62atch");
        assertThat(outer.headers().all("X-A")).containsExactly("1", "2");
    }

    @ParameterizedTest
    @CsvSource({
        "http,  Shop,   80,   http://shop",
        "http,  shop,   443,  http://shop:443",
        "https, shop,   443,  https://shop",
        "HTTPS, shop,   80,   https://shop:80",
        "http,  shop,   8080, http://shop:8080",
        "http,  shop,   -1,   http://shop",
        "http,  shop,   0,    http://shop",
        "http,  [::A],  80,   http://[::a]",
        "ws,    shop,   80,   ws://shop:80",
    })
    void anOriginIsInLowerCaseWithoutADefaultPort(String scheme, String host, int port, String origin) {
        assertThat(OuterRequest.origin(scheme, host, port)).isEqualTo(origin);
    }

    @Test
    void whereNoHostWasSentTheServersNameStandsForIt() {
        OuterRequest outer = OuterRequest.of(
                StubRequest.with().answering("getServerPort", 8080).build(), Headers.empty(), Optional.empty());
        assertThat(outer.host()).isEqualTo("shop.example:8080");
    }

    /** What wrappers do to fields they do to those of the items too; what they say of the host holds for all. */
    @Test
    void whatAFilterInFrontSaysOfTheHostCounts() {
        HttpServletRequest sent = StubRequest.with().build();
        HttpServletRequest wrapped = new HttpServletRequestWrapper(sent) {
            @Override
            public String getScheme() {
                return "https";
            }
        };
        assertThat(OuterRequest.of(wrapped, Headers.empty(), Optional.empty()).origin())
                .isEqualTo("https://shop.example:80");
    }

    /** Rules on paths would be rules on other paths if a client could choose the context path. */
    @Test
    void whatAFilterInFrontSaysOfThePathDoesNotCount() {
        HttpServletRequest sent =
                StubRequest.with().answering("getContextPath", "/app").build();
        HttpServletRequest wrapped = new HttpServletRequestWrapper(new HttpServletRequestWrapper(sent) {
            @Override
            public String getContextPath() {
                return "/invented";
            }

            @Override
            public String getRequestURI() {
                return "/invented/batch";
            }
        });
        OuterRequest outer = OuterRequest.of(wrapped, Headers.empty(), Optional.empty());
        assertThat(outer.contextPath()).isEqualTo("/app");
        assertThat(outer.path()).isEqualTo("/batch");
    }

    /** It chooses the virtual host that items go to, so a proxy's field must not choose it. */
    @Test
    void whatAWrapperHasMadeOfTheHostIsNotWhereItemsGo() {
        HttpServletRequest wrapped =
                new HttpServletRequestWrapper(
                        StubRequest.with().answering("getServerPort", 8080).build()) {
                    @Override
                    public String getServerName() {
                        return "invented.example";
                    }
                };

        assertThat(OuterRequest.of(wrapped, Headers.empty(), Optional.of("shop.example"))
                        .host())
                .isEqualTo("shop.example");
        assertThat(OuterRequest.of(wrapped, Headers.empty(), Optional.empty()).host())
                .isEqualTo("shop.example:8080");
    }
}
