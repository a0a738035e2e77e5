package io.multistatus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multistatus.support.StubRequest;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which filter gives way to the app's own. */
class SupersededTest {
    private static final String FRAGMENT = "multistatus";

    @ParameterizedTest
    @CsvSource({
        "multistatus, true,  ,      true",
        "multistatus, false, true,  true",
        "multistatus, ,      true,  true",
        "multistatus, ,      false, false",
        "multistatus, ,      ,      false",
        "batch,       true,  true,  false",
    })
    void onlyThatOfTheFragmentGivesWayAndOnlyIfTheAppSaysSo(
            String name, @Nullable Boolean attribute, @Nullable String parameter, boolean givesWay) throws Exception {
        Filter filter = new BatchFilter();
        filter.init(config(name, attribute, parameter, Map.of()));
        assertThat(passesOnUnseen(filter)).isEqualTo(givesWay);
        filter.destroy();
    }

    @Test
    void aFilterThatWasConfiguredByCodeDoesNot() throws Exception {
        Filter filter = new BatchFilter(BatchConfig.defaults());
        filter.init(config(FRAGMENT, true, "true", Map.of()));
        assertThat(passesOnUnseen(filter)).isFalse();
        filter.destroy();
    }

    @Test
    void whatItIsConfiguredWithIsNotLost() {
        assertThatThrownBy(() -> new BatchFilter().init(config(FRAGMENT, true, null, Map.of("deny", "/admin/*"))))
                .isInstanceOf(ServletException.class)
                .hasMessageContaining("[deny]")
                .hasMessageContaining(BatchFilter.SUPERSEDED);
    }

    /** A filter that is at work has to ask a request whether it is a batch, which this one does not tell. */
    private static boolean passesOnUnseen(Filter filter) throws Exception {
        AtomicInteger passed = new AtomicInteger();
        HttpServletResponse response = stub(HttpServletResponse.class, null, null);
        try {
            filter.doFilter(StubRequest.with().build(), response, (in, out) -> passed.incrementAndGet());
        } catch (UnsupportedOperationException e) {
            assertThat(e).hasMessage("getDispatcherType");
        }
        return passed.get() == 1;
    }

    private static FilterConfig config(
            String name, @Nullable Boolean attribute, @Nullable String parameter, Map<String, String> params) {
        ServletContext context = stub(ServletContext.class, attribute, parameter);
        return new FilterConfig() {
            @Override
            public String getFilterName() {
                return name;
            }

            @Override
            public ServletContext getServletContext() {
                return context;
            }

            @Override
            public @Nullable String getInitParameter(String key) {
                return params.get(key);
            }

            @Override
            public Enumeration<String> getInitParameterNames() {
                return Collections.enumeration(params.keySet());
            }
        };
    }

    private static <T> T stub(Class<T> type, @Nullable Boolean attribute, @Nullable String parameter) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (method.getName().equals("getClassLoader")) {
                        return SupersededTest.class.getClassLoader();
                    }
                    assertThat(List.of(arguments)).containsExactly(BatchFilter.SUPERSEDED);
                    return method.getName().equals("getAttribute") ? attribute : parameter;
                }));
    }
}
