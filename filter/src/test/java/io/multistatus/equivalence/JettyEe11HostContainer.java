package io.multistatus.equivalence;

import io.multistatus.equivalence.app.HostApp;
import jakarta.servlet.ServletContainerInitializer;
import java.nio.file.Path;
import org.eclipse.jetty.ee11.servlet.DefaultServlet;
import org.eclipse.jetty.ee11.servlet.ErrorPageErrorHandler;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.handler.ContextHandler;

/** Jetty with the environment of Jakarta EE 11. */
public final class JettyEe11HostContainer extends JettyHostContainer {

    @Override
    public String name() {
        return "jetty-ee11";
    }

    @Override
    ContextHandler context(String path, ServletContainerInitializer app, Path files) {
        ServletContextHandler context =
                new ServletContextHandler(path, ServletContextHandler.SESSIONS | ServletContextHandler.SECURITY);
        prepare(context, context.getSecurityHandler(), files);
        context.addServletContainerInitializer(new ConstrainedApp(app, context::setServletSecurity));
        ServletHolder defaultServlet = new ServletHolder("default", DefaultServlet.class);
        defaultServlet.setInitParameter("dirAllowed", "false");
        defaultServlet.setInitParameter("etags", "true");
        context.addServlet(defaultServlet, "/");

        ErrorPageErrorHandler errors = new ErrorPageErrorHandler();
        errors.setShowStacks(false);
        HostApp.errorPagesByStatus().forEach(errors::addErrorPage);
        HostApp.errorPagesByException().forEach(errors::addErrorPage);
        context.setErrorHandler(errors);
        return context;
    }
}
