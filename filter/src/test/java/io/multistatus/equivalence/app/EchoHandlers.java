package io.multistatus.equivalence.app;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletMapping;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PrintWriter;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Handlers that tell what a servlet can see of its request. */
final class EchoHandlers {
    private EchoHandlers() {}

    static void addTo(Routes routes) {
        routes.add("/echo", EchoHandlers::echo, "/echo/*", "*.do", "/exact", "");
        routes.add("/tls", EchoHandlers::tls);
        routes.add("/wrapped/echo", (request, response) -> {
            response.setContentType("text/plain");
            response.getWriter().print("wrapped parameter: " + request.getParameter("wrapped"));
        });
        routes.add("/plain-servlet", new GetOnlyServlet());
        routes.add("/thread-local", (request, response) -> {
            response.setContentType("text/plain");
            response.getWriter().print("caller on this thread: " + GateFilter.CALLER.get());
        });
        routes.add("/leave-attribute", (request, response) -> {
            response.setContentType("text/plain");
            response.getWriter().print("found: " + request.getAttribute("handler.left"));
            request.setAttribute("handler.left", "by " + request.getRequestURI());
        });
        routes.add("/class-loader", (request, response) -> {
            response.setContentType("text/plain");
            ClassLoader loader = Thread.currentThread().getContextClassLoader();
            response.getWriter()
                    .print("context class loader is the app's: "
                            + (loader == request.getServletContext().getClassLoader()));
        });
    }

    static void echo(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("text/plain;charset=UTF-8");
        PrintWriter out = response.getWriter();
        line(out, "method", request.getMethod());
        line(out, "protocol", request.getProtocol());
        address(request, out);
        connection(request, out);
        content(request, out);
        caller(request, out);
        for (String name : new TreeSet<>(Collections.list(request.getHeaderNames()))) {
            line(out, "header " + name, Collections.list(request.getHeaders(name)));
        }
        Cookie[] cookies = request.getCookies();
        for (Cookie cookie : cookies == null ? new Cookie[0] : cookies) {
            line(out, "cookie " + cookie.getName(), cookie.getValue());
        }
        for (Map.Entry<String, String[]> parameter : new TreeMap<>(request.getParameterMap()).entrySet()) {
            line(out, "parameter " + parameter.getKey(), Arrays.toString(parameter.getValue()));
        }
        line(out, "parameter order", List.copyOf(request.getParameterMap().keySet()));
        for (String name : new TreeSet<>(Collections.list(request.getAttributeNames()))) {
            line(out, "attribute", name);
        }
    }

    private static void address(HttpServletRequest request, PrintWriter out) {
        line(out, "requestURI", request.getRequestURI());
        line(out, "requestURL", request.getRequestURL());
        line(out, "contextPath", request.getContextPath());
        line(out, "servletPath", request.getServletPath());
        line(out, "pathInfo", request.getPathInfo());
        line(out, "queryString", request.getQueryString());
        HttpServletMapping mapping = request.getHttpServletMapping();
        line(out, "mapping match", mapping.getMappingMatch());
        line(out, "mapping value", mapping.getMatchValue());
        line(out, "mapping pattern", mapping.getPattern());
        line(out, "mapping servlet", mapping.getServletName());
        line(out, "context of the servlet", request.getServletContext().getContextPath());
    }

    private static void connection(HttpServletRequest request, PrintWriter out) {
        line(out, "scheme", request.getScheme());
        line(out, "secure", request.isSecure());
        line(out, "serverName", request.getServerName());
        line(out, "serverPort", request.getServerPort());
        line(out, "remoteAddr", request.getRemoteAddr());
        line(out, "remoteHost", request.getRemoteHost());
        line(out, "remotePort", request.getRemotePort());
        line(out, "localAddr", request.getLocalAddr());
        line(out, "localName", request.getLocalName());
        line(out, "localPort", request.getLocalPort());
        line(out, "dispatcherType", request.getDispatcherType());
        line(out, "asyncSupported", request.isAsyncSupported());
        line(out, "asyncStarted", request.isAsyncStarted());
        line(out, "trailers ready", request.isTrailerFieldsReady());
        line(out, "TLS cipher suite", request.getAttribute("jakarta.servlet.request.cipher_suite"));
        line(out, "TLS key size", request.getAttribute("jakarta.servlet.request.key_size"));
        line(out, "TLS session", request.getAttribute("jakarta.servlet.request.ssl_session_id") != null);
        line(out, "TLS client", clientNames(request));
    }

    private static List<String> clientNames(HttpServletRequest request) {
        X509Certificate[] chain = (X509Certificate[]) request.getAttribute("jakarta.servlet.request.X509Certificate");
        return chain == null
                ? List.of()
                : Arrays.stream(chain)
                        .map(certificate -> certificate.getSubjectX500Principal() + " " + certificate.getSerialNumber())
                        .toList();
    }

    /** What is the same for all requests of a connection only. */
    private static void tls(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("text/plain;charset=UTF-8");
        PrintWriter out = response.getWriter();
        line(out, "session id", request.getAttribute("jakarta.servlet.request.ssl_session_id"));
        line(out, "cipher suite", request.getAttribute("jakarta.servlet.request.cipher_suite"));
        line(out, "key size", request.getAttribute("jakarta.servlet.request.key_size"));
        line(out, "client", clientNames(request));
        line(out, "remotePort", request.getRemotePort());
    }

    private static void content(HttpServletRequest request, PrintWriter out) {
        line(out, "contentType", request.getContentType());
        line(out, "contentLength", request.getContentLengthLong());
        line(out, "characterEncoding", request.getCharacterEncoding());
        line(out, "locale", request.getLocale());
        line(out, "locales", Collections.list(request.getLocales()));
    }

    private static void caller(HttpServletRequest request, PrintWriter out) {
        line(out, "remoteUser", request.getRemoteUser());
        line(out, "principal", request.getUserPrincipal() == null ? null : "there");
        line(out, "authType", request.getAuthType());
        line(out, "inRole", request.isUserInRole(HostApp.ROLE));
        line(out, "gate.caller", request.getAttribute("gate.caller"));
        line(out, "requestedSessionId", request.getRequestedSessionId());
        line(out, "session valid", request.isRequestedSessionIdValid());
        line(out, "session from cookie", request.isRequestedSessionIdFromCookie());
        line(out, "session from URL", request.isRequestedSessionIdFromURL());
    }

    private static void line(PrintWriter out, String name, Object value) {
        out.print(name + ": " + value + "\n");
    }

    /** What {@link HttpServlet} itself makes of HEAD, OPTIONS, conditional requests and methods that are not there. */
    private static final class GetOnlyServlet extends HttpServlet {
        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.setContentType("text/plain");
            response.getWriter().print("got by " + request.getMethod());
        }

        @Override
        protected long getLastModified(HttpServletRequest request) {
            return 1_700_000_000_000L;
        }
    }
}
