package io.multistatus.equivalence;

import io.multistatus.equivalence.app.HostApp;
import io.multistatus.equivalence.app.OtherApp;
import io.multistatus.support.TempDirectory;
import jakarta.servlet.ServletContainerInitializer;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.security.HashLoginService;
import org.eclipse.jetty.security.LoginService;
import org.eclipse.jetty.security.SecurityHandler;
import org.eclipse.jetty.security.UserStore;
import org.eclipse.jetty.security.authentication.BasicAuthenticator;
import org.eclipse.jetty.server.ForwardedRequestCustomizer;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.server.handler.ContextHandlerCollection;
import org.eclipse.jetty.server.handler.DefaultHandler;
import org.eclipse.jetty.util.Jetty;
import org.eclipse.jetty.util.security.Credential;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ThreadPool;
import org.eclipse.jetty.util.thread.VirtualThreadPool;

/** Embedded Jetty 12, whichever 12.x is on the class path; each environment adds how it makes a context. */
abstract class JettyHostContainer implements HostContainer {

    /**
     * A context that serves {@code app} and the static files, as {@link HostContainer} says, for the users of
     * {@link #users()}.
     */
    abstract ContextHandler context(String path, ServletContainerInitializer app, Path files);

    /** What a context has of the core, in the environments whose contexts are the core's. */
    static void prepare(ContextHandler context, SecurityHandler security, Path files) {
        context.setBaseResourceAsPath(files);
        context.setProtectedTargets(new String[] {"/WEB-INF", "/META-INF"});
        security.setLoginService(users());
        security.setAuthenticator(new BasicAuthenticator());
    }

    static LoginService users() {
        UserStore users = new UserStore();
        users.addUser(HostApp.USER, Credential.getCredential(HostApp.PASSWORD), new String[] {HostApp.ROLE});
        HashLoginService logins = new HashLoginService("host");
        logins.setUserStore(users);
        return logins;
    }

    @Override
    public final String version() {
        return Jetty.VERSION;
    }

    @Override
    public Optional<String> reasonToLeaveOut(RequestCase request, HostOptions.Protocol protocol) {
        return protocol == HostOptions.Protocol.HTTP_2 ? Http2LeftOut.onJetty(request) : Optional.empty();
    }

    @Override
    public final Host start(HostOptions options) throws IOException {
        TempDirectory temp = TempDirectory.create();
        Path files = temp.path();
        HostApp.writeStaticFiles(files);
        Server server = new Server(threads(options));
        ServerConnector connector = connector(server, options);
        server.addConnector(connector);
        ContextHandler app = context(HostApp.CONTEXT_PATH, options.app(), files);
        ContextHandler other = context(OtherApp.CONTEXT_PATH, new OtherApp(), files);
        server.setHandler(new Handler.Sequence(new ContextHandlerCollection(app, other), new DefaultHandler()));
        List<String> accessLog = new CopyOnWriteArrayList<>();
        server.setRequestLog((request, response) -> accessLog.add(
                request.getMethod() + " " + request.getHttpURI().getPathQuery() + " " + response.getStatus()));
        try {
            server.start();
        } catch (Exception e) {
            throw new IOException("Jetty " + Jetty.VERSION + " does not start", e);
        }
        return new JettyHost(server, connector, temp, accessLog);
    }

    private static ThreadPool threads(HostOptions options) {
        if (options.virtualThreads()) {
            return new VirtualThreadPool();
        }
        return options.maxThreads() == 0 ? new QueuedThreadPool() : new QueuedThreadPool(options.maxThreads(), 1);
    }

    private static ServerConnector connector(Server server, HostOptions options) {
        HttpConfiguration http = new HttpConfiguration();
        if (options.tls()) {
            http.addCustomizer(new SecureRequestCustomizer(false));
        }
        if (options.behindProxy()) {
            http.addCustomizer(new ForwardedRequestCustomizer());
        }
        HttpConnectionFactory factory = new HttpConnectionFactory(http);
        // One acceptor and one selector, so that a pool of a few threads has some left for requests.
        ServerConnector connector;
        if (options.tls()) {
            SslContextFactory.Server ssl = new SslContextFactory.Server();
            ssl.setKeyStorePath(TestCertificate.keyStore().toUri().toString());
            ssl.setKeyStorePassword(TestCertificate.PASSWORD);
            ssl.setTrustStore(ClientCertificate.trustStore());
            ssl.setWantClientAuth(true);
            connector = new ServerConnector(server, 1, 1, new SslConnectionFactory(ssl, "http/1.1"), factory);
        } else if (options.http2()) {
            HTTP2CServerConnectionFactory http2 = new HTTP2CServerConnectionFactory(http);
            unlimit(http2);
            connector = new ServerConnector(server, 1, 1, factory, http2);
        } else {
            connector = new ServerConnector(server, 1, 1, factory);
        }
        connector.setHost("127.0.0.1");
        return connector;
    }

    /**
     * Requests that are cut off on purpose come faster here than Jetty lets a client send them. What says how fast has moved
     * from one package to another within 12.1.
     */
    private static void unlimit(HTTP2CServerConnectionFactory http2) {
        for (Method method : HTTP2CServerConnectionFactory.class.getMethods()) {
            if (method.getName().equals("setRateControlFactory")) {
                Class<?> type = method.getParameterTypes()[0];
                Object unlimited = Proxy.newProxyInstance(
                        type.getClassLoader(), new Class<?>[] {type}, InvocationHandler::invokeDefault);
                try {
                    method.invoke(http2, unlimited);
                } catch (ReflectiveOperationException e) {
                    throw new IllegalStateException("Jetty's limit cannot be lifted", e);
                }
            }
        }
    }

    private record JettyHost(Server server, ServerConnector connector, TempDirectory temp, List<String> accessLog)
            implements Host {
        @Override
        public int port() {
            return connector.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            try (temp) {
                server.stop();
            } catch (IOException e) {
                throw e;
            } catch (Exception e) {
                throw new IOException("Jetty does not stop", e);
            }
        }
    }
}
