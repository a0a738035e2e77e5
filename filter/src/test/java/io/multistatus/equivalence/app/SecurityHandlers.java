package io.multistatus.equivalence.app;

import jakarta.servlet.HttpConstraintElement;
import jakarta.servlet.HttpMethodConstraintElement;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletSecurityElement;
import jakarta.servlet.annotation.ServletSecurity.EmptyRoleSemantic;
import jakarta.servlet.annotation.ServletSecurity.TransportGuarantee;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;

/** Servlets behind container-managed security, and logins by the program. */
final class SecurityHandlers {
    private SecurityHandlers() {}

    static void addTo(Routes routes) {
        HttpConstraintElement usersOnly = new HttpConstraintElement(TransportGuarantee.NONE, HostApp.ROLE);
        routes.add("/secure", SecurityHandlers::whoIsIt, "/secure/*")
                .setServletSecurity(new ServletSecurityElement(usersOnly));
        routes.add("/secure-nobody", SecurityHandlers::whoIsIt)
                .setServletSecurity(new ServletSecurityElement(new HttpConstraintElement(EmptyRoleSemantic.DENY)));
        routes.add("/secure-writes", SecurityHandlers::whoIsIt)
                .setServletSecurity(
                        new ServletSecurityElement(Set.of(new HttpMethodConstraintElement("POST", usersOnly))));
        routes.add("/secure-transport", SecurityHandlers::whoIsIt)
                .setServletSecurity(
                        new ServletSecurityElement(new HttpConstraintElement(TransportGuarantee.CONFIDENTIAL)));
        routes.add("/login", (request, response) -> {
            try {
                request.login(HostApp.USER, request.getParameter("password"));
                whoIsIt(request, response);
            } catch (ServletException e) {
                response.sendError(403, "login refused");
            }
        });
        routes.add("/logout", (request, response) -> {
            request.login(HostApp.USER, HostApp.PASSWORD);
            request.logout();
            whoIsIt(request, response);
        });
        routes.add("/authenticate", (request, response) -> {
            if (request.authenticate(response)) {
                whoIsIt(request, response);
            }
        });
    }

    private static void whoIsIt(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("text/plain");
        response.getWriter()
                .print("user " + request.getRemoteUser() + " in role " + request.isUserInRole(HostApp.ROLE) + " by "
                        + request.getAuthType() + " via " + request.getMethod());
    }
}
