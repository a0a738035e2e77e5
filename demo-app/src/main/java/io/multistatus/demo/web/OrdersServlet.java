package io.multistatus.demo.web;

import io.multistatus.demo.store.Order;
import io.multistatus.demo.store.Orders;
import io.multistatus.demo.store.Products;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * {@code /api/orders}, {@code /api/orders/{id}}, {@code /api/orders/{id}/lines} and {@code /api/orders/{id}/lines/{line}}:
 * everybody has their own only.
 */
final class OrdersServlet extends ApiServlet {
    private static final long serialVersionUID = 1L;

    private final transient Orders orders;
    private final transient Products products;

    OrdersServlet(Orders orders, Products products) {
        this.orders = orders;
        this.products = products;
    }

    @Override
    List<String> methods(List<String> segments) {
        if (segments.size() > 1 && !segments.get(1).equals("lines")) {
            return NONE;
        }
        return switch (segments.size()) {
            case 0, 2 -> READ_AND_ADD;
            case 1, 3 -> READ;
            default -> NONE;
        };
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws ProblemException, IOException {
        List<String> segments = segments(request);
        String user = Login.requiredUser(request);
        Object found = segments.isEmpty()
                ? Map.of("orders", orders.list(user))
                : part(order(user, segments.get(0)), segments.subList(1, segments.size()));
        Json.write(response, HttpServletResponse.SC_OK, found);
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response)
            throws ProblemException, IOException {
        List<String> segments = segments(request);
        String user = Login.requiredUser(request);
        if (segments.isEmpty()) {
            Order order = place(user, request);
            created(request, response, "/api/orders/" + order.id(), order);
        } else {
            addLine(order(user, segments.get(0)), request, response);
        }
    }

    /** What lies in the cart that the request names; nothing yet, if it names none. */
    private Order place(String user, HttpServletRequest request) throws ProblemException, IOException {
        if (Json.hasBody(request)) {
            Fields fields = Json.read(request);
            if (fields.has("cart")) {
                return placeCart(user, fields);
            }
        }
        return orders.create(user);
    }

    private Order placeCart(String user, Fields fields) throws ProblemException {
        long cart = fields.number("cart", 1, Long.MAX_VALUE);
        fields.check();
        return orders.place(user, cart)
                .orElseThrow(() -> ProblemException.invalid(
                        "cart", "must be a cart with something in it, as " + cart + " is not"));
    }

    private void addLine(Order order, HttpServletRequest request, HttpServletResponse response)
            throws ProblemException, IOException {
        Wanted wanted = Wanted.read(request, products);
        Order.Line line = orders.add(order.id(), wanted.product(), wanted.quantity());
        created(request, response, "/api/orders/" + order.id() + "/lines/" + line.id(), line);
    }

    private Order order(String user, String segment) throws ProblemException {
        return orders.find(user, id(segment))
                .orElseThrow(() -> ProblemException.notFound("order '" + segment + "' of yours"));
    }

    /** What is at this path below that of the order. */
    private Object part(Order order, List<String> segments) throws ProblemException {
        return switch (segments.size()) {
            case 0 -> order;
            case 1 -> orders.lines(order.id());
            default -> line(order, segments.get(1));
        };
    }

    private Order.Line line(Order order, String segment) throws ProblemException {
        return orders.findLine(order.id(), id(segment))
                .orElseThrow(() -> ProblemException.notFound("line '" + segment + "' in order " + order.id()));
    }
}
