package io.multistatus.equivalence;

import io.multistatus.equivalence.app.HostApp;
import jakarta.servlet.ServletContainerInitializer;
import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.jetty.ee9.security.SecurityHandler;
import org.eclipse.jetty.ee9.security.authentication.BasicAuthenticator;
import org.eclipse.jetty.ee9.servlet.DefaultServlet;
import org.eclipse.jetty.ee9.servlet.ErrorPageErrorHandler;
import org.eclipse.jetty.ee9.servlet.ServletContextHandler;
import org.eclipse.jetty.ee9.servlet.ServletHolder;
import org.eclipse.jetty.server.handler.ContextHandler;

/**
 * Jetty with the environment of Jakarta EE 9; among the tests of the javax build, with that of EE 8, where the classes
 * have the same names but for their package.
 */
public final class JettyEe9HostContainer extends JettyHostContainer {

    @Override
    public String name() {
        String environment = ServletContextHandler.class.getPackageName().split("\\.", -1)[3];
        return "jetty-" + environment;
    }

    @Override
    public Optional<String> reasonToLeaveOut(RequestCase request, HostOptions.Protocol protocol) {
        if (request.target().equals("/app/async/timeout-after-flush")) {
            return Optional.of("a bug of Jetty's: when an async request times out whose response has been committed, an"
                    + " exception escapes from the nested channel's state machine, and nobody ends the response");
        }
        if (protocol == HostOptions.Protocol.HTTP_2 && request.target().equals("/app/stream/length-too-long")) {
            return Optional.of(
                    "over HTTP/2 Jetty uses what it keeps with a stream again, which remembers that the answer to"
                            + " another request has failed: a request that is cut off itself now has that one's failure");
        }
        return super.reasonToLeaveOut(request, protocol);
    }

    @Override
    ContextHandler context(String path, ServletContainerInitializer app, Path files) {
        ServletContextHandler context =
                new ServletContextHandler(ServletContextHandler.SESSIONS | ServletContextHandler.SECURITY);
        context.setContextPath(path);
        context.setBaseResourceAsPath(files);
        context.setProtectedTargets(new String[] {"/WEB-INF", "/META-INF"});
        context.addServletContainerInitializer(new ConstrainedApp(app, context::setServletSecurity));
        ServletHolder defaultServlet = new ServletHolder("default", DefaultServlet.class);
        defaultServlet.setInitParameter("dirAllowed", "false");
        defaultServlet.setInitParameter("etags", "true");
        context.addServlet(defaultServlet, "/");

        SecurityHandler security = context.getSecurityHandler();
        security.setLoginService(users());
        security.setAuthenticator(new BasicAuthenticator());

        ErrorPageErrorHandler errors = new ErrorPageErrorHandler();
        errors.setShowStacks(false);
        HostApp.errorPagesByStatus().forEach(errors::addErrorPage);
        HostApp.errorPagesByException().forEach(errors::addErrorPage);
        context.setErrorHandler(errors);
        return context.getCoreContextHandler();
    }
}
