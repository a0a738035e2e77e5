package io.multistatus.equivalence;

import io.multistatus.equivalence.app.HostApp;
import jakarta.servlet.ServletContainerInitializer;
import java.nio.file.Path;
import org.eclipse.jetty.ee10.servlet.DefaultServlet;
import org.eclipse.jetty.ee10.servlet.ErrorPageErrorHandler;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.handler.ContextHandler;

/** Jetty with the environment of Jakarta EE 10. */
public final class JettyEe10HostContainer extends JettyHostContainer {

    @Override
    public String name() {
        return "jetty-ee10";
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
