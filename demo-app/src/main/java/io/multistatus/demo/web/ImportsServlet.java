package io.multistatus.demo.web;

import io.multistatus.demo.store.Imports;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;

/**
 * {@code /api/imports/{name}} says how many rows have been imported under that name; {@code /api/imports/{name}/rows} takes
 * them, one at a time, and {@code /api/imports/{name}/rows/{id}} has each of them.
 */
final class ImportsServlet extends ApiServlet {
    private static final long serialVersionUID = 1L;
    private static final List<String> READ_AND_CLEAR = List.of("GET", "HEAD", "DELETE");

    private final transient Imports imports;

    ImportsServlet(Imports imports) {
        this.imports = imports;
    }

    @Override
    List<String> methods(List<String> segments) {
        if (segments.isEmpty()
                || !segments.get(0).matches("[A-Za-z0-9._-]{1,80}")
                || (segments.size() > 1 && !segments.get(1).equals("rows"))) {
            return NONE;
        }
        return switch (segments.size()) {
            case 1 -> READ_AND_CLEAR;
            case 2 -> WRITE;
            case 3 -> READ;
            default -> NONE;
        };
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws ProblemException, IOException {
        List<String> segments = segments(request);
        String name = segments.get(0);
        Object found = segments.size() == 1 ? imports.count(name) : row(name, segments.get(2));
        Json.write(response, HttpServletResponse.SC_OK, found);
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response)
            throws ProblemException, IOException {
        String name = segments(request).get(0);
        Fields fields = Json.read(request);
        int number = (int) fields.number("number", 1, Integer.MAX_VALUE);
        String sku = fields.text("sku", 20);
        int priceCents = (int) fields.number("priceCents", 0, Integer.MAX_VALUE);
        fields.check();
        Imports.Row row = imports.add(name, number, sku, priceCents)
                .orElseThrow(() -> new ProblemException(Problem.of(
                        500,
                        "Out of order",
                        "Row " + number + " fails the first time it is posted, as does every 100th")));
        created(request, response, "/api/imports/" + name + "/rows/" + row.id(), row);
    }

    @Override
    protected void doDelete(HttpServletRequest request, HttpServletResponse response) {
        imports.clear(segments(request).get(0));
        response.setStatus(HttpServletResponse.SC_NO_CONTENT);
    }

    private Imports.Row row(String name, String segment) throws ProblemException {
        return imports.find(name, id(segment))
                .orElseThrow(() -> ProblemException.notFound("row '" + segment + "' in import '" + name + "'"));
    }
}
