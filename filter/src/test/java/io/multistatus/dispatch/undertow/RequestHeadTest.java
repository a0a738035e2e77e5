package io.multistatus.dispatch.undertow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multistatus.model.Headers;
import io.multistatus.model.WireRequest;
import io.undertow.util.BadRequestException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestHeadTest {

    private static String head(String name, String value) throws BadRequestException {
        WireRequest request = new WireRequest("GET", "/a", Headers.of("Host", "h", name, value), null);
        return StandardCharsets.ISO_8859_1.decode(RequestHead.of(request, true)).toString();
    }

    @Test
    void namesAreInLowerCaseButThatOfTheHost() throws BadRequestException {
        assertThat(head("X-A", "caf\u00e9 1")).isEqualTo("GET /a HTTP/1.1\r\nHost: h\r\nx-a: caf\u00e9 1\r\n\r\n");
    }

    /** Undertow takes such values over HTTP/2; what follows the line break would be a field of its own here. */
    @ParameterizedTest
    @ValueSource(strings = {"v\r\nX-Forwarded-For: 6.6.6.6", "v\nX: y", "v\rX: y", "v\u0000"})
    void aFieldCannotBecomeTwo(String value) {
        assertThatThrownBy(() -> head("X-A", value))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("'X-A'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a:b", "a\r\nb"})
    void aNameIsAToken(String name) {
        assertThatThrownBy(() -> head(name, "v")).isInstanceOf(BadRequestException.class);
    }
}
