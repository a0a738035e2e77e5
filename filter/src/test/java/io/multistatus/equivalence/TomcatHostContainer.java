package io.multistatus.equivalence;

import io.multistatus.equivalence.app.HostApp;
import io.multistatus.equivalence.app.OtherApp;
import io.multistatus.support.TempDirectory;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.catalina.AccessLog;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.Wrapper;
import org.apache.catalina.authenticator.BasicAuthenticator;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.core.StandardVirtualThreadExecutor;
import org.apache.catalina.startup.Tomcat;
import org.apache.catalina.util.ServerInfo;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.catalina.valves.RemoteIpValve;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.http2.Http2Protocol;
import org.apache.tomcat.util.descriptor.web.ErrorPage;
import org.apache.tomcat.util.descriptor.web.LoginConfig;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;

/** Embedded Tomcat; whichever one is on the class path. */
public final class TomcatHostContainer implements HostContainer {
    /** Answers that are shorter than they say end with the connection, which few tests use for more than one request. */
    private static final String KEEP_ALIVE_MILLIS = "300";

    private static final String KEEP_ALIVE_MILLIS_OF_TLS = "2000";

    @Override
    public String name() {
        return "tomcat";
    }

    @Override
    public String version() {
        String info = ServerInfo.getServerInfo();
        return info.substring(info.indexOf('/') + 1);
    }

    /** Two races of Tomcat's between the thread that leaves the handler and one that the handler has set to work. */
    @Override
    public Optional<String> reasonToLeaveOut(RequestCase request, HostOptions.Protocol protocol) {
        boolean bodiless = request.body() == null || request.body().length == 0;
        if (request.target().equals("/app/nio/read-off-thread") && bodiless) {
            return Optional.of(
                    "a read listener that another thread sets is told that there is no body only if it is set"
                            + " before the handler's thread asks for it; else it waits until the async timeout");
        }
        if (request.target().equals("/app/async/start-throws")) {
            return Optional.of(
                    "if what `AsyncContext.start` runs throws, that is answered with an error page if it does so"
                            + " before the handler's thread looks, and else, at the timeout, with a broken connection");
        }
        if (version().equals("10.1.18") && request.target().equals("/app/headers/hostile")) {
            return Optional.of(
                    "a bug, mended since: where a field of an answer cannot be written, another one is lost");
        }
        if (version().equals("10.1.18") && request.target().equals("/app/nio/throws") && bodiless) {
            return Optional.of("a bug, mended since: what a read listener throws when there is no body at all is not"
                    + " answered before the async timeout, which is longer than the client of the tests waits");
        }
        return protocol == HostOptions.Protocol.HTTP_2 ? Http2LeftOut.onTomcat(request, version()) : Optional.empty();
    }

    /** What a {@code RemoteIpValve} takes from a request cannot be had back there. */
    @Override
    public boolean servesHttp2BehindProxy() {
        return false;
    }

    @Override
    public Host start(HostOptions options) throws IOException {
        TempDirectory temp = TempDirectory.create();
        Path base = temp.path();
        Path files = Files.createDirectory(base.resolve("files"));
        HostApp.writeStaticFiles(files);
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(base.toString());
        tomcat.setHostname("localhost");
        tomcat.setSilent(true);
        Connector connector = connector(options);
        if (options.virtualThreads()) {
            StandardVirtualThreadExecutor threads = new StandardVirtualThreadExecutor();
            threads.setName("virtual");
            tomcat.getService().addExecutor(threads);
            connector.getProtocolHandler().setExecutor(threads);
        }
        tomcat.setConnector(connector);
        tomcat.addUser(HostApp.USER, HostApp.PASSWORD);
        tomcat.addRole(HostApp.USER, HostApp.ROLE);

        List<String> accessLog = new CopyOnWriteArrayList<>();
        tomcat.getEngine().getPipeline().addValve(new LineLog(accessLog));
        if (options.behindProxy()) {
            RemoteIpValve forwarded = new RemoteIpValve();
            forwarded.setProtocolHeader("X-Forwarded-Proto");
            forwarded.setHostHeader("X-Forwarded-Host");
            tomcat.getEngine().getPipeline().addValve(forwarded);
        }
        ErrorReportValve errors = new ErrorReportValve();
        errors.setShowReport(false);
        errors.setShowServerInfo(false);
        tomcat.getHost().getPipeline().addValve(errors);
        addContext(tomcat, HostApp.CONTEXT_PATH, options.app(), files);
        addContext(tomcat, OtherApp.CONTEXT_PATH, new OtherApp(), files);
        try {
            tomcat.start();
        } catch (LifecycleException e) {
            throw new IOException("Tomcat " + version() + " does not start", e);
        }
        return new TomcatHost(tomcat, temp, accessLog);
    }

    private static Connector connector(HostOptions options) {
        Connector connector = new Connector();
        connector.setPort(0);
        connector.setProperty("address", "127.0.0.1");
        connector.setProperty("keepAliveTimeout", options.tls() ? KEEP_ALIVE_MILLIS_OF_TLS : KEEP_ALIVE_MILLIS);
        if (options.maxThreads() > 0) {
            connector.setProperty("minSpareThreads", "1");
            connector.setProperty("maxThreads", String.valueOf(options.maxThreads()));
        }
        if (options.http2()) {
            connector.addUpgradeProtocol(new Http2Protocol());
        }
        if (options.tls()) {
            SSLHostConfig tls = new SSLHostConfig();
            SSLHostConfigCertificate certificate = new SSLHostConfigCertificate(tls, SSLHostConfigCertificate.Type.EC);
            certificate.setCertificateKeystoreFile(TestCertificate.keyStore().toString());
            certificate.setCertificateKeystorePassword(TestCertificate.PASSWORD);
            tls.addCertificate(certificate);
            tls.setTrustStore(ClientCertificate.trustStore());
            tls.setCertificateVerification("optional");
            connector.setSecure(true);
            connector.setScheme("https");
            connector.setProperty("SSLEnabled", "true");
            connector.addSslHostConfig(tls);
        }
        return connector;
    }

    @SuppressWarnings("deprecation") // what replaces addServletMappingDecoded is not in the oldest Tomcat
    private static void addContext(Tomcat tomcat, String path, ServletContainerInitializer app, Path files) {
        Context context = tomcat.addContext(path, files.toString());
        context.addServletContainerInitializer(app, null);
        Wrapper defaultServlet = Tomcat.addServlet(context, "default", "org.apache.catalina.servlets.DefaultServlet");
        defaultServlet.setLoadOnStartup(1);
        context.addServletMappingDecoded("/", "default");
        Tomcat.addDefaultMimeTypeMappings(context);

        LoginConfig login = new LoginConfig();
        login.setAuthMethod("BASIC");
        login.setRealmName("host");
        context.setLoginConfig(login);
        context.getPipeline().addValve(new BasicAuthenticator());

        HostApp.errorPagesByStatus().forEach((status, location) -> {
            ErrorPage page = new ErrorPage();
            page.setErrorCode(status);
            page.setLocation(location);
            context.addErrorPage(page);
        });
        HostApp.errorPagesByException().forEach((exception, location) -> {
            ErrorPage page = new ErrorPage();
            page.setExceptionType(exception.getName());
            page.setLocation(location);
            context.addErrorPage(page);
        });
    }

    /** Told of each request, also of those that come no farther than the connector. */
    private static final class LineLog extends ValveBase implements AccessLog {
        private final List<String> lines;

        LineLog(List<String> lines) {
            super(true);
            this.lines = lines;
        }

        @Override
        public void log(Request request, Response response, long time) {
            String query = request.getQueryString();
            lines.add(request.getMethod() + " " + request.getRequestURI() + (query == null ? "" : "?" + query) + " "
                    + response.getStatus());
        }

        @Override
        public void invoke(Request request, Response response) throws IOException, ServletException {
            getNext().invoke(request, response);
        }

        @Override
        public void setRequestAttributesEnabled(boolean enabled) {}

        @Override
        public boolean getRequestAttributesEnabled() {
            return false;
        }
    }

    private record TomcatHost(Tomcat tomcat, TempDirectory temp, List<String> accessLog) implements Host {
        @Override
        public int port() {
            return tomcat.getConnector().getLocalPort();
        }

        @Override
        public void close() throws IOException {
            try (temp) {
                tomcat.stop();
                tomcat.destroy();
            } catch (LifecycleException e) {
                throw new IOException("Tomcat does not stop", e);
            }
        }
    }
}
