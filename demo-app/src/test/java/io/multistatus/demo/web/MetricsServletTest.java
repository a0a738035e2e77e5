package io.multistatus.demo.web;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may read the metrics. Over the wire, tests come from this machine only. */
class MetricsServletTest {
    private final ShopMetrics metrics = new ShopMetrics();
    private int status = 200;

    @AfterEach
    void close() {
        metrics.close();
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 200",
        "127.8.9.10, 200",
        "::1, 200",
        "192.0.2.7, 403",
        "10.0.0.1, 403",
        "::ffff:192.0.2.7, 403"
    })
    void theyAreForThisMachineOnly(String address, int expected) throws Exception {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        new MetricsServlet(metrics).service(request(address), response(body));

        assertThat(status).isEqualTo(expected);
        assertThat(body.toString(StandardCharsets.UTF_8).contains("jvm_memory_used_bytes"))
                .isEqualTo(expected == 200);
    }

    private static HttpServletRequest request(String address) {
        Map<String, Object> known = Map.of("getRemoteAddr", address, "getMethod", "GET", "getRequestURI", "/metrics");
        return (HttpServletRequest) Proxy.newProxyInstance(
                MetricsServletTest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, method, arguments) -> known.get(method.getName()));
    }

    private HttpServletResponse response(ByteArrayOutputStream body) {
        ServletOutputStream out = new ServletOutputStream() {
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
                throw new UnsupportedOperationException();
            }
        };
        return (HttpServletResponse) Proxy.newProxyInstance(
                MetricsServletTest.class.getClassLoader(),
                new Class<?>[] {HttpServletResponse.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("setStatus")) {
                        status = (int) arguments[0];
                    }
                    return method.getName().equals("getOutputStream") ? out : null;
                });
    }
}
