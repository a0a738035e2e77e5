package io.multistatus.demo.web;

import io.multistatus.demo.store.Product;
import io.multistatus.demo.store.Products;
import io.multistatus.demo.store.Stock;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** {@code /api/products}, {@code /api/products/{id}} and {@code /api/products/{id}/stock}. */
final class ProductsServlet extends ApiServlet {
    private static final long serialVersionUID = 1L;
    private static final int MAX_QUANTITY = 1_000_000;

    private final transient Products products;

    ProductsServlet(Products products) {
        this.products = products;
    }

    @Override
    List<String> methods(List<String> segments) {
        return switch (segments.size()) {
            case 0, 1 -> READ;
            case 2 -> segments.get(1).equals("stock") ? READ_AND_REPLACE : NONE;
            default -> NONE;
        };
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws ProblemException, IOException {
        List<String> segments = segments(request);
        Object found = segments.isEmpty()
                ? list(request)
                : segments.size() == 1 ? product(segments.get(0)) : stock(segments.get(0));
        Json.write(response, HttpServletResponse.SC_OK, found);
    }

    @Override
    protected void doPut(HttpServletRequest request, HttpServletResponse response)
            throws ProblemException, IOException {
        String segment = segments(request).get(0);
        Stock before = stock(segment);
        Fields fields = Json.read(request);
        int quantity = (int) fields.number("quantity", 0, MAX_QUANTITY);
        fields.check();
        if (!products.setQuantity(before.product(), quantity)) {
            throw ProblemException.invalid(
                    "quantity", "must not be below the " + stock(segment).reserved() + " reserved, as is " + quantity);
        }
        Json.write(response, HttpServletResponse.SC_OK, stock(segment));
    }

    private Map<String, List<Product>> list(HttpServletRequest request) throws ProblemException {
        int offset = parameter(request, "offset", 0, Integer.MAX_VALUE, 0);
        int limit = parameter(request, "limit", 1, 100, 100);
        String category = request.getParameter("category");
        return Map.of(
                "products", category == null ? products.list(offset, limit) : products.list(category, offset, limit));
    }

    private Product product(String segment) throws ProblemException {
        return products.find(id(segment)).orElseThrow(() -> ProblemException.notFound("product '" + segment + "'"));
    }

    private Stock stock(String segment) throws ProblemException {
        return products.stock(id(segment)).orElseThrow(() -> ProblemException.notFound("product '" + segment + "'"));
    }
}
