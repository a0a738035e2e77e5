package io.multistatus.demo.web;

import io.multistatus.demo.store.Orders;
import io.multistatus.demo.store.Product;
import io.multistatus.demo.store.Products;
import io.multistatus.demo.store.Reservation;
import io.multistatus.demo.store.Reservations;
import io.multistatus.demo.store.Stock;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * {@code /api/products}, {@code /api/products/{id}}, {@code /api/products/{id}/stock},
 * {@code /api/products/{id}/reservations} and {@code /api/products/{id}/reservations/{reservation}}.
 */
final class ProductsServlet extends ApiServlet {
    private static final long serialVersionUID = 1L;
    private static final int MAX_QUANTITY = 1_000_000;

    private final transient Products products;
    private final transient Reservations reservations;
    private final transient Orders orders;

    ProductsServlet(Products products, Reservations reservations, Orders orders) {
        this.products = products;
        this.reservations = reservations;
        this.orders = orders;
    }

    @Override
    List<String> methods(List<String> segments) {
        return switch (segments.size()) {
            case 0, 1 -> READ;
            case 2 ->
                switch (segments.get(1)) {
                    case "stock" -> READ_AND_REPLACE;
                    case "reservations" -> WRITE;
                    default -> NONE;
                };
            case 3 -> segments.get(1).equals("reservations") ? READ : NONE;
            default -> NONE;
        };
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws ProblemException, IOException {
        List<String> segments = segments(request);
        Object found = switch (segments.size()) {
            case 0 -> list(request);
            case 1 -> product(segments.get(0));
            case 2 -> stock(segments.get(0));
            default -> reservation(Login.requiredUser(request), segments);
        };
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

    /** Reserves for an order of one's own. */
    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response)
            throws ProblemException, IOException {
        String user = Login.requiredUser(request);
        Product product = product(segments(request).get(0));
        Fields fields = Json.read(request);
        long order = fields.number("order", 1, Long.MAX_VALUE);
        int quantity = (int) fields.number("quantity", 1, Wanted.MAX_QUANTITY);
        fields.check();
        if (orders.find(user, order).isEmpty()) {
            throw ProblemException.invalid("order", "must be an order of yours, as " + order + " is not");
        }
        Reservation reservation =
                reservations.reserve(product.id(), order, quantity).orElseThrow(() -> tooFew(product, quantity));
        created(request, response, "/api/products/" + product.id() + "/reservations/" + reservation.id(), reservation);
    }

    private ProblemException tooFew(Product product, int quantity) {
        int free = products.stock(product.id()).map(Stock::free).orElse(0);
        String left = free == 0 ? "None is left" : "Only " + free + (free == 1 ? " is" : " are") + " left";
        return new ProblemException(Problem.of(
                409,
                "Not enough in stock",
                left + " of '" + product.name() + "', and " + quantity + " were asked for"));
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

    private Reservation reservation(String user, List<String> segments) throws ProblemException {
        return reservations
                .find(user, id(segments.get(0)), id(segments.get(2)))
                .orElseThrow(() -> ProblemException.notFound(
                        "reservation '" + segments.get(2) + "' of yours of product '" + segments.get(0) + "'"));
    }
}
