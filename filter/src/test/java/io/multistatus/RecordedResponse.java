package io.multistatus;

import io.multistatus.support.StubRequest;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the {@link BrowserModule} has answered. */
final class RecordedResponse {
    private final Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private int status = 200;
    private int contentLength = -1;
    private String contentType = "";

    private RecordedResponse() {}

    static RecordedResponse of(BrowserModule module, String method, String path, String... headers) throws IOException {
        RecordedResponse response = new RecordedResponse();
        module.serve(
                path, StubRequest.with(headers).answering("getMethod", method).build(), response.asServletResponse());
        return response;
    }

    private HttpServletResponse asServletResponse() {
        return (HttpServletResponse) Proxy.newProxyInstance(
                RecordedResponse.class.getClassLoader(),
                new Class<?>[] {HttpServletResponse.class},
                (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "setStatus" -> status = (int) arguments[0];
                        case "setContentType" -> contentType = (String) arguments[0];
                        case "setContentLength" -> contentLength = (int) arguments[0];
                        case "setHeader" ->
                            headers.put((String) arguments[0], new ArrayList<>(List.of((String) arguments[1])));
                        case "addHeader" ->
                            headers.computeIfAbsent((String) arguments[0], name -> new ArrayList<>())
                                    .add((String) arguments[1]);
                        case "getOutputStream" -> {
                            return new Output();
                        }
                        default -> throw new UnsupportedOperationException(method.getName());
                    }
                    return null;
                });
    }

    private final class Output extends ServletOutputStream {
        @Override
        public void write(int b) {
            body.write(b);
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            throw new UnsupportedOperationException("setWriteListener");
        }
    }

    int status() {
        return status;
    }

    String contentType() {
        return contentType;
    }

    int contentLength() {
        return contentLength;
    }

    Map<String, List<String>> headers() {
        return headers;
    }

    List<String> all(String name) {
        return headers.getOrDefault(name, List.of());
    }

    String etag() {
        return all("ETag").get(0);
    }

    byte[] body() {
        return body.toByteArray();
    }

    String text() {
        return body.toString(StandardCharsets.UTF_8);
    }
}
