package io.multistatus.support;

import io.multistatus.model.Headers;
import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request that knows its fields and what it is told to answer; whatever else it is asked throws. */
public final class StubRequest {
    private final Headers headers;
    private final Map<String, @Nullable Object> answers = new HashMap<>();

    private StubRequest(Headers headers) {
        this.headers = headers;
    }

    /** {@code POST /batch} over HTTP/1.1 to {@code http://shop.example}, with those fields: name, value and so on. */
    public static StubRequest with(String... namesAndValues) {
        return new StubRequest(Headers.of(namesAndValues))
                .answering("getScheme", "http")
                .answering("getServerName", "shop.example")
                .answering("getServerPort", 80)
                .answering("getProtocol", "HTTP/1.1")
                .answering("getContextPath", "")
                .answering("getRequestURI", "/batch")
                .answering("getQueryString", null);
    }

    /** What {@code method} is to return. */
    public StubRequest answering(String method, @Nullable Object answer) {
        answers.put(method, answer);
        return this;
    }

    public HttpServletRequest build() {
        return (HttpServletRequest) Proxy.newProxyInstance(
                StubRequest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getHeader" -> headers.first((String) arguments[0]).orElse(null);
                    case "getHeaders" -> enumeration(headers.all((String) arguments[0]));
                    case "getHeaderNames" -> enumeration(new ArrayList<>(headers.names()));
                    case "getContentType" -> headers.first("Content-Type").orElse(null);
                    default -> answer(method.getName());
                });
    }

    private @Nullable Object answer(String method) {
        if (!answers.containsKey(method)) {
            throw new UnsupportedOperationException(method);
        }
        return answers.get(method);
    }

    private static Enumeration<String> enumeration(List<String> values) {
        return Collections.enumeration(values);
    }
}
