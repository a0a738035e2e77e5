package io.multistatus.equivalence.app;

import jakarta.servlet.MultipartConfigElement;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.Part;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The ways to read a request's body, and not to. */
final class BodyHandlers {
    private BodyHandlers() {}

    static void addTo(Routes routes) {
        routes.add("/body/stream", BodyHandlers::stream);
        routes.add("/body/reader", BodyHandlers::reader);
        routes.add("/body/mirror", BodyHandlers::mirror);
        routes.add("/body/form", BodyHandlers::form);
        routes.add("/body/multipart", BodyHandlers::multipart)
                .setMultipartConfig(new MultipartConfigElement("", 100_000, 200_000, 1_000));
        routes.add("/body/multipart-unconfigured", BodyHandlers::multipart);
        routes.add("/body/ignored", (request, response) -> text(response, "did not look"));
        routes.add(
                "/body/first-byte",
                (request, response) ->
                        text(response, "first: " + request.getInputStream().read()));
        routes.add("/body/closed", (request, response) -> {
            request.getInputStream().close();
            text(response, "closed unread");
        });
        routes.add("/body/both-ways", (request, response) -> {
            request.getInputStream().read();
            request.getReader();
        });
        routes.add("/body/encoding-set", (request, response) -> {
            request.setCharacterEncoding("UTF-16BE");
            text(response, request.getReader().lines().collect(Collectors.joining("|")));
        });
        routes.add("/body/available", (request, response) -> {
            InputStream in = request.getInputStream();
            in.readAllBytes();
            text(
                    response,
                    "after the end: " + in.read() + " finished: "
                            + request.getInputStream().isFinished());
        });
    }

    private static void stream(HttpServletRequest request, HttpServletResponse response) throws IOException {
        byte[] bytes = request.getInputStream().readAllBytes();
        text(
                response,
                bytes.length + " bytes of " + request.getContentLengthLong() + ", hash " + Arrays.hashCode(bytes));
    }

    private static void reader(HttpServletRequest request, HttpServletResponse response) throws IOException {
        BufferedReader reader = request.getReader();
        String lines = reader.lines().collect(Collectors.joining("|"));
        text(response, lines + " as " + request.getContentType() + " in " + request.getCharacterEncoding());
    }

    /** The body as it came, with its type. */
    private static void mirror(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getContentType() != null) {
            response.setContentType(request.getContentType());
        }
        request.getInputStream().transferTo(response.getOutputStream());
    }

    private static void form(HttpServletRequest request, HttpServletResponse response) throws IOException {
        StringBuilder all = new StringBuilder();
        for (Map.Entry<String, String[]> parameter : new TreeMap<>(request.getParameterMap()).entrySet()) {
            all.append(parameter.getKey())
                    .append('=')
                    .append(Arrays.toString(parameter.getValue()))
                    .append('\n');
        }
        all.append("left in the stream: ").append(request.getInputStream().readAllBytes().length);
        text(response, all.toString());
    }

    private static void multipart(HttpServletRequest request, HttpServletResponse response)
            throws IOException, ServletException {
        StringBuilder all = new StringBuilder();
        for (Part part : request.getParts()) {
            all.append(part.getName()).append('/').append(part.getSubmittedFileName());
            all.append('/')
                    .append(part.getContentType())
                    .append('/')
                    .append(part.getSize())
                    .append('=');
            all.append(new String(part.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .append('\n');
        }
        text(response, all + "parameter a: " + request.getParameter("a"));
    }

    private static void text(HttpServletResponse response, String text) throws IOException {
        response.setContentType("text/plain;charset=UTF-8");
        response.getWriter().print(text);
    }
}
