package io.multistatus.dispatch.tomcat;

import io.multistatus.dispatch.Dispatcher;
import io.multistatus.dispatch.DispatcherProvider;
import io.multistatus.model.BatchException;
import io.multistatus.model.Headers;
import io.multistatus.model.Problem;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Field;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.RequestFacade;
import org.apache.coyote.http11.AbstractHttp11Protocol;

/**
 * Recognises the requests that Tomcat 10.1 and 11 have received over HTTP. Not those over AJP, whose front server may
 * have told Tomcat things about them, who the user is for one, that no request of ours could tell it again. Thread-safe.
 */
public final class TomcatDispatcherProvider implements DispatcherProvider {
    /** The server's addresses and their names, which may be slow to find out. As few as the server has addresses. */
    private final Map<String, String> localNames = new ConcurrentHashMap<>();

    @Override
    public Optional<Dispatcher> open(HttpServletRequest outer, Executor executor) throws BatchException {
        ServletRequest request = outer;
        while (request instanceof ServletRequestWrapper wrapper) {
            request = wrapper.getRequest();
        }
        if (!(request instanceof RequestFacade facade)) {
            return Optional.empty();
        }
        Request catalina = Facade.inside(facade);
        if (!(catalina.getConnector().getProtocolHandler() instanceof AbstractHttp11Protocol<?> protocol)) {
            throw refusal("it came through a connector that does not speak HTTP ("
                    + catalina.getConnector().getProtocol() + ")");
        }
        boolean nested = isItem(catalina);
        Headers fields = OuterFields.of(catalina, nested);
        return Optional.of(new TomcatDispatcher(
                protocol, OuterConnection.of(catalina, protocol, localNames), fields, nested, executor));
    }

    /**
     * Why batches are served in Tomcat, but not this one.
     *
     * @param reason a clause that says how the batch came: "it came ..."
     */
    static BatchException refusal(String reason) {
        return new BatchException(Problem.of(501, "unsupported-container", "Batches are not supported here")
                .detail(
                        "The items of this batch could not be made to look as if each had come alone, because of how the"
                                + " batch came itself: " + reason));
    }

    /** Goes by the name of the class, because a batch filter of another web app has loaded it for itself. */
    private static boolean isItem(Request catalina) {
        Object input = catalina.getCoyoteRequest().getInputBuffer();
        return input != null && input.getClass().getName().equals(RequestBody.class.getName());
    }

    /** The one thing that Tomcat does not give away to those who ask. */
    private static final class Facade {
        private static final Field REQUEST = field();

        private static Field field() {
            try {
                Field field = RequestFacade.class.getDeclaredField("request");
                field.setAccessible(true);
                return field;
            } catch (ReflectiveOperationException | RuntimeException e) {
                throw incompatible(e);
            }
        }

        static Request inside(RequestFacade facade) {
            try {
                return (Request) REQUEST.get(facade);
            } catch (IllegalAccessException e) {
                throw incompatible(e);
            }
        }

        private static LinkageError incompatible(Exception cause) {
            return new IncompatibleClassChangeError(
                    "The field RequestFacade.request of Tomcat cannot be read: " + cause);
        }
    }
}
