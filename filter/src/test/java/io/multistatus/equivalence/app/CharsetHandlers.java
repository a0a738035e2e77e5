package io.multistatus.equivalence.app;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** Bodies of every type and charset that an envelope has to carry, right and wrong ones. */
final class CharsetHandlers {
    private static final String TEXT = "gr\u00fc\u00df dich, \u20ac 5, \ud83d\ude00";

    private CharsetHandlers() {}

    static void addTo(Routes routes) {
        for (String charset : new String[] {"UTF-8", "ISO-8859-1", "UTF-16", "UTF-16LE", "windows-1252"}) {
            bytes(
                    routes,
                    "/charset/" + charset,
                    "text/plain;charset=" + charset,
                    TEXT.getBytes(Charset.forName(charset)));
        }
        routes.add("/charset/writer", (request, response) -> {
            response.setContentType("text/plain");
            response.setCharacterEncoding(request.getParameter("charset"));
            response.getWriter().print(TEXT);
        });
        routes.add(
                "/charset/writer-default",
                (request, response) -> response.getWriter().print(TEXT));
        routes.add("/charset/too-late", (request, response) -> {
            response.setContentType("text/plain");
            response.getWriter().print(TEXT);
            response.setCharacterEncoding("UTF-8");
            response.setContentType("text/html;charset=UTF-16");
        });
        bytes(routes, "/charset/undeclared-utf-8", "text/plain", TEXT.getBytes(StandardCharsets.UTF_8));
        bytes(routes, "/charset/undeclared-latin", "text/plain", new byte[] {'c', 'a', 'f', (byte) 0xe9});
        bytes(routes, "/charset/wrong", "text/plain;charset=UTF-8", new byte[] {'c', 'a', 'f', (byte) 0xe9});
        bytes(routes, "/charset/unknown", "text/plain;charset=x-nobody-knows", new byte[] {'o', 'k'});
        bytes(routes, "/charset/bom", "text/plain;charset=UTF-8", utf8("\ufeffwith a mark"));
        bytes(routes, "/charset/controls", "text/plain;charset=UTF-8", utf8("a\0b\u0001\r\n\t\"\\\u2028\u007f"));
        bytes(routes, "/charset/xml", "application/xml", utf8("<?xml version='1.0'?><a>\u00e9</a>"));
        bytes(routes, "/charset/none", null, new byte[] {'r', 'a', 'w'});
        bytes(routes, "/charset/binary", "application/octet-stream", new byte[] {0, -1, -2, 127, -128, '\r', '\n'});
        bytes(routes, "/charset/html", "text/html", utf8("<p>hi</p>"));

        bytes(routes, "/json/plain", "application/json", utf8("{\"id\":42,\"name\":\"widget\"}"));
        bytes(
                routes,
                "/json/odd",
                "application/json",
                utf8(" {\"b\" : 1.50e+3 ,\n\"a\":[ ],\"b\":\"\\u00e9\u00e9\\/\"}\r\n"));
        bytes(routes, "/json/number", "application/vnd.thing+json", utf8("12345678901234567890.10"));
        bytes(routes, "/json/string", "application/json;charset=utf-8", utf8("\"just \u20ac text\""));
        bytes(routes, "/json/null", "application/json", utf8("null"));
        bytes(routes, "/json/broken", "application/json", utf8("{\"half\": "));
        bytes(routes, "/json/two", "application/json", utf8("{} {}"));
        bytes(routes, "/json/not-utf-8", "application/json", new byte[] {'"', (byte) 0xe9, '"'});
        bytes(routes, "/json/bom", "application/json", utf8("\ufeff{\"bom\":true}"));
        bytes(routes, "/json/latin", "application/json;charset=ISO-8859-1", new byte[] {'"', (byte) 0xe9, '"'});
        bytes(
                routes,
                "/json/utf-16",
                "application/json;charset=UTF-16",
                "{\"a\":\"\u20ac\"}".getBytes(StandardCharsets.UTF_16));
        bytes(routes, "/json/blank", "application/json", utf8("  \n"));
        bytes(routes, "/json/lone-surrogate", "application/json", utf8("\"\\ud800\""));
    }

    private static void bytes(Routes routes, String mapping, String contentType, byte[] body) {
        routes.add(mapping, (request, response) -> {
            if (contentType != null) {
                response.setHeader("Content-Type", contentType);
            }
            response.getOutputStream().write(body);
        });
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
