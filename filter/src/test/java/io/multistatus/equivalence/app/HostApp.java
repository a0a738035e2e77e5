package io.multistatus.equivalence.app;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.ServletRequestWrapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/**
 * An application that does everything a servlet may do, behind a batch filter. It uses the Servlet API only (nothing
 * newer than Servlet 4), so it is the same in every container; what that API cannot say stands in the constants, for
 * the container to set up. Handlers keep no state of their own: their answer depends on the request and its session
 * alone, so that the same request can be sent again and again.
 */
public final class HostApp implements ServletContainerInitializer {
    public static final String CONTEXT_PATH = "/app";
    public static final String USER = "joe";
    public static final String PASSWORD = "secret";
    public static final String ROLE = "user";
    /** Length of the static file {@code /static.txt}, in bytes. */
    public static final int STATIC_BYTES = 200_000;

    private final Filter batchFilter;
    private final Map<String, String> batchInitParams;
    private final DistinctRequests requestsSeen = new DistinctRequests();

    /** An app whose first filter is {@code batchFilter}. */
    public HostApp(Filter batchFilter, Map<String, String> batchInitParams) {
        this.batchFilter = batchFilter;
        this.batchInitParams = batchInitParams;
    }

    /** Status to the path of its error page; the container registers them. */
    public static Map<Integer, String> errorPagesByStatus() {
        return Map.of(409, "/error-page", 404, "/error-page-404");
    }

    /** Exception to the path of its error page; the container registers them. */
    public static Map<Class<? extends Throwable>, String> errorPagesByException() {
        return Map.of(ErrorHandlers.PagedException.class, "/error-page");
    }

    /** Fills the document root of the context. */
    public static void writeStaticFiles(Path root) throws IOException {
        byte[] line = "0123456789 abcdefghijklmnopqrstuvwxyz ABC\n".getBytes(StandardCharsets.US_ASCII);
        byte[] text = new byte[STATIC_BYTES];
        for (int i = 0; i < text.length; i++) {
            text[i] = line[i % line.length];
        }
        Files.write(root.resolve("static.txt"), text);
        Files.writeString(root.resolve("page.html"), "<!DOCTYPE html><title>Page</title>\n");
        Files.write(root.resolve("pixel.png"), new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10, 0, 1, 2, 3});
        Files.createDirectories(root.resolve("folder"));
        Files.writeString(root.resolve("folder/data.json"), "{\"in\": \"folder\"}");
        Files.createDirectories(root.resolve("WEB-INF"));
        Files.writeString(root.resolve("WEB-INF/secret.txt"), "nobody may see this");
        // The same in every run, since it shows in Last-Modified and ETag.
        for (String name : new String[] {"static.txt", "page.html", "pixel.png", "folder/data.json"}) {
            Files.setLastModifiedTime(root.resolve(name), FileTime.fromMillis(1_700_000_000_000L));
        }
    }

    /** How many requests the app's own ServletRequestListener has been told of since the start. */
    public long requestsSeen() {
        return requestsSeen.count();
    }

    @Override
    public void onStartup(Set<Class<?>> classes, ServletContext context) {
        ScheduledExecutorService threads = Executors.newScheduledThreadPool(4, task -> {
            Thread thread = new Thread(task, "host-app");
            thread.setDaemon(true);
            return thread;
        });
        context.addListener(new ServletContextListener() {
            @Override
            public void contextDestroyed(ServletContextEvent event) {
                threads.shutdownNow();
            }
        });
        context.addListener(new ServletRequestListener() {
            @Override
            public void requestInitialized(ServletRequestEvent event) {
                ServletRequest request = event.getServletRequest();
                while (request instanceof ServletRequestWrapper) {
                    request = ((ServletRequestWrapper) request).getRequest();
                }
                requestsSeen.add(request);
            }
        });
        FilterRegistration.Dynamic batch = addFilter(context, "multistatus", batchFilter, "/*");
        batch.setInitParameters(batchInitParams);
        batch.addMappingForUrlPatterns(EnumSet.of(DispatcherType.ASYNC), false, "/*");
        addFilter(context, "gate", new GateFilter(), "/*");
        addFilter(context, "wrap", new WrapFilter(), "/wrapped/*");

        Routes routes = new Routes(context, threads);
        AboutHandler.addTo(routes);
        EchoHandlers.addTo(routes);
        BodyHandlers.addTo(routes);
        ResponseHandlers.addTo(routes);
        StreamHandlers.addTo(routes);
        CharsetHandlers.addTo(routes);
        ErrorHandlers.addTo(routes);
        AsyncHandlers.addTo(routes);
        NonBlockingHandlers.addTo(routes);
        DispatchHandlers.addTo(routes);
        SecurityHandlers.addTo(routes);
        SessionHandlers.addTo(routes);
    }

    private static FilterRegistration.Dynamic addFilter(
            ServletContext context, String name, Filter filter, String mapping) {
        FilterRegistration.Dynamic registration = context.addFilter(name, filter);
        registration.setAsyncSupported(true);
        registration.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), true, mapping);
        return registration;
    }
}
