package io.multistatus;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.FilterConfig;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the filters of a context say of where they are mapped. */
class ServedKeysTest {
    private final Map<String, List<String>> mappings = new HashMap<>();
    private final Map<String, Object> attributes = new HashMap<>();

    private static <T> T stub(Class<T> type, InvocationHandler methods) {
        return type.cast(Proxy.newProxyInstance(ServedKeysTest.class.getClassLoader(), new Class<?>[] {type}, methods));
    }

    private ServletContext context(String contextPath) {
        return stub(ServletContext.class, (self, method, arguments) -> switch (method.getName()) {
            case "getContextPath" -> contextPath;
            case "getFilterRegistration" -> registration(mappings.get((String) arguments[0]));
            case "getFilterRegistrations" -> {
                Map<String, FilterRegistration> all = new HashMap<>();
                mappings.forEach((name, patterns) -> all.put(name, registration(patterns)));
                yield all;
            }
            case "getAttribute" -> attributes.get((String) arguments[0]);
            case "setAttribute" -> attributes.put((String) arguments[0], arguments[1]);
            case "removeAttribute" -> attributes.remove((String) arguments[0]);
            default -> throw new UnsupportedOperationException(method.getName());
        });
    }

    private static @Nullable FilterRegistration registration(@Nullable List<String> patterns) {
        return patterns == null
                ? null
                : stub(
                        FilterRegistration.class,
                        (self, method, arguments) ->
                                method.getName().equals("getClassName") ? IdempotencyFilter.class.getName() : patterns);
    }

    private static FilterConfig config(String name, ServletContext context) {
        return stub(
                FilterConfig.class,
                (self, method, arguments) -> method.getName().equals("getFilterName") ? name : context);
    }

    private static IdempotencyFilter filter() {
        return new IdempotencyFilter(IdempotencyConfig.builder().build());
    }

    private static List<String> paths(ServletContext context) {
        return Objects.requireNonNull(ServedKeys.find(context)).paths();
    }

    @Test
    void thePathsAreThoseOfAllFiltersWithTheContextInFront() throws Exception {
        mappings.put("one", List.of("/api/*", "*.do", "/", ""));
        mappings.put("two", List.of("/exact", "/api/*"));
        ServletContext context = context("/shop");
        IdempotencyFilter one = filter();
        one.init(config("one", context));
        assertThat(paths(context)).containsExactly("/shop/api/*", "*.do", "/shop/");
        IdempotencyFilter two = filter();
        two.init(config("two", context));
        assertThat(paths(context)).containsExactly("/shop/api/*", "*.do", "/shop/", "/shop/exact");

        one.destroy();
        assertThat(paths(context)).containsExactly("/shop/exact", "/shop/api/*");
        two.destroy();
        assertThat(ServedKeys.find(context)).isNull();
    }

    @Test
    void inTheRootContextTheyAreAsTheyAreMapped() throws Exception {
        mappings.put("all", List.of("/*", "/api/*"));
        ServletContext context = context("");
        filter().init(config("all", context));
        assertThat(paths(context)).containsExactly("/*", "/api/*");
    }

    @Test
    void aFilterThatIsMappedToServletsOnlyOrIsNotToBeFoundServesKeysAllTheSame() throws Exception {
        mappings.put("servlets", List.of());
        for (String name : List.of("servlets", "nobody")) {
            ServletContext context = context("");
            IdempotencyFilter filter = filter();
            filter.init(config(name, context));
            assertThat(paths(context)).isEmpty();
            filter.destroy();
        }
    }

    @Test
    void aFilterThatIsNotInitialisedYetCountsToo() {
        assertThat(ServedKeys.pathsIn(context("/shop"))).isEmpty();
        mappings.put("lazy", List.of("/api/*"));
        assertThat(ServedKeys.pathsIn(context("/shop"))).contains(List.of("/shop/api/*"));
    }

    @Test
    void aContainerThatDoesNotTellStartsTheFilterAllTheSame() throws Exception {
        ServletContext silent = stub(ServletContext.class, (self, method, arguments) -> switch (method.getName()) {
            case "getAttribute" -> attributes.get((String) arguments[0]);
            case "setAttribute" -> attributes.put((String) arguments[0], arguments[1]);
            default -> throw new UnsupportedOperationException(method.getName());
        });
        filter().init(config("any", silent));
        assertThat(paths(silent)).isEmpty();
        assertThat(ServedKeys.pathsIn(silent)).contains(List.of());
    }
}
