package io.multistatus.equivalence.app;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;

/** What a servlet can say apart from the body: status, headers, cookies, redirects, and taking it all back. */
final class ResponseHandlers {
    private ResponseHandlers() {}

    static void addTo(Routes routes) {
        routes.add("/status/*", ResponseHandlers::status);
        routes.add("/headers", ResponseHandlers::headers);
        routes.add("/headers/hostile", ResponseHandlers::hostileHeaders);
        routes.add("/headers/big", (request, response) -> {
            response.setHeader("X-Big", "b".repeat(6_000));
            text(response, "big header");
        });
        routes.add("/headers/too-big", (request, response) -> {
            response.setHeader("X-Too-Big", "b".repeat(40_000));
            text(response, "too big a header");
        });
        routes.add("/cookies", ResponseHandlers::cookies);
        routes.add("/redirect", (request, response) -> response.sendRedirect(request.getParameter("to")));
        routes.add("/redirect/after-flush", (request, response) -> {
            text(response, "already gone");
            response.flushBuffer();
            response.sendRedirect("/app/echo");
        });
        routes.add("/redirect/by-hand", (request, response) -> {
            response.setStatus(307);
            response.setHeader("Location", "../echo?by=hand");
        });
        routes.add("/reset", (request, response) -> {
            response.setStatus(500);
            response.setHeader("X-Gone", "yes");
            text(response, "forgotten");
            response.reset();
            response.setHeader("X-Kept", "yes");
            text(response, "after the reset, gate " + response.containsHeader("X-Gate"));
        });
        routes.add("/reset-buffer", (request, response) -> {
            response.setStatus(202);
            response.setHeader("X-Kept", "yes");
            text(response, "forgotten");
            response.resetBuffer();
            response.getWriter().print("after the reset of the buffer");
        });
        routes.add("/reset-late", (request, response) -> {
            text(response, "gone out");
            response.flushBuffer();
            response.reset();
        });
        routes.add("/empty", (request, response) -> {
            response.setContentType("application/json");
            response.getWriter().print("");
        });
        routes.add("/silent", (request, response) -> {});
        routes.add("/etag", ResponseHandlers::etag);
        routes.add("/content-headers", (request, response) -> {
            response.setHeader("Content-Language", "fr");
            response.setLocale(Locale.GERMANY);
            response.setHeader("Content-Location", "/app/elsewhere");
            response.setHeader("Content-Disposition", "attachment; filename=\"a, b.txt\"");
            text(response, "language " + response.getLocale());
        });
        routes.add("/gzip", (request, response) -> {
            // Stands for whatever compresses: it does if it may, and an item never asks for it.
            String accepts = request.getHeader("Accept-Encoding");
            if (accepts != null) {
                response.setHeader("Content-Encoding", accepts);
            }
            response.setHeader("Vary", "Accept-Encoding");
            text(response, "accepts encoding: " + accepts);
        });
    }

    /** {@code /status/299}, with a body unless {@code ?empty} is there. */
    private static void status(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setStatus(Integer.parseInt(request.getPathInfo().substring(1)));
        response.setHeader("X-Status", String.valueOf(response.getStatus()));
        if (request.getParameter("empty") == null) {
            text(response, "status " + response.getStatus());
        }
    }

    private static void headers(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.addHeader("X-Multi", "one");
        response.addHeader("X-Multi", "two, three");
        response.addHeader("x-multi", "four");
        response.addIntHeader("X-Int", 42);
        response.addDateHeader("X-Date", 1_700_000_000_000L);
        response.setHeader("X-Empty", "");
        response.setHeader("X-Removed", "soon");
        response.setHeader("X-Removed", null);
        response.setHeader("Cache-Control", "no-cache, max-age=0");
        response.addHeader("Vary", "Accept");
        response.addHeader("Vary", "X-Token");
        response.addHeader("WWW-Authenticate", "Basic realm=\"a, b\"");
        response.addHeader("WWW-Authenticate", "Bearer");
        response.addHeader("Link", "</a>; rel=\"next\"");
        // Those that stay out of the envelope.
        response.setHeader("Connection", "keep-alive");
        response.setHeader("Keep-Alive", "timeout=5");
        response.setHeader("Server", "Faked/1.0");
        response.setHeader("Strict-Transport-Security", "max-age=1");
        text(response, "headers");
    }

    private static void hostileHeaders(HttpServletRequest request, HttpServletResponse response) throws IOException {
        StringBuilder refused = new StringBuilder();
        for (Map.Entry<String, String> header : Map.of(
                        "X-Line-Break", "a\r\nX-Injected: yes",
                        "X-Lone-Feed", "a\nb",
                        "X-Nul", "a\0b",
                        "X-Latin", "caf\u00e9",
                        "X-Beyond-Latin", "\u20ac and \u4e2d",
                        "X-Spaces", "  around  ")
                .entrySet()) {
            try {
                response.setHeader(header.getKey(), header.getValue());
            } catch (IllegalArgumentException e) {
                refused.append(header.getKey()).append(' ');
            }
        }
        text(response, "tried; refused " + (refused.length() > 0));
    }

    private static void cookies(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Cookie first = new Cookie("first", "value-1");
        first.setPath("/app");
        first.setHttpOnly(true);
        first.setSecure(true);
        response.addCookie(first);
        Cookie gone = new Cookie("gone", "");
        gone.setMaxAge(0);
        response.addCookie(gone);
        response.addHeader("Set-Cookie", "third=by-hand; Path=/; SameSite=Strict");
        text(response, "three cookies");
    }

    private static void etag(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setHeader("ETag", "\"v1\"");
        if ("\"v1\"".equals(request.getHeader("If-None-Match"))) {
            response.setStatus(304);
            return;
        }
        if (request.getHeader("If-Match") != null && !"\"v1\"".equals(request.getHeader("If-Match"))) {
            response.setStatus(412);
            return;
        }
        text(response, "version 1");
    }

    private static void text(HttpServletResponse response, String text) throws IOException {
        response.setContentType("text/plain");
        response.getWriter().print(text);
    }
}
