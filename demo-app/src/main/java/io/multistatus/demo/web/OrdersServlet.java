package io.multistatus.demo.web;

import io.multistatus.demo.store.Order;
import io.multistatus.demo.store.Orders;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** {@code /api/orders} and {@code /api/orders/{id}}: everybody sees their own only. */
final class OrdersServlet extends ApiServlet {
    private static final long serialVersionUID = 1L;

    private final transient Orders orders;

    OrdersServlet(Orders orders) {
        this.orders = orders;
    }

    @Override
    List<String> methods(List<String> segments) {
        return switch (segments.size()) {
            case 0 -> READ_AND_ADD;
            case 1 -> READ;
            default -> NONE;
        };
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws ProblemException, IOException {
        List<String> segments = segments(request);
        String user = Login.requiredUser(request);
        Object found = segments.isEmpty() ? Map.of("orders", orders.list(user)) : order(user, segments.get(0));
        Json.write(response, HttpServletResponse.SC_OK, found);
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response)
            throws ProblemException, IOException {
        Fields fields = Json.read(request);
        long cart = fields.number("cart", 1, Long.MAX_VALUE);
        fields.check();
        Order order = orders.place(Login.requiredUser(request), cart)
                .orElseThrow(() -> ProblemException.invalid(
                        "cart", "must be a cart with something in it, as " + cart + " is not"));
        created(request, response, "/api/orders/" + order.id(), order);
    }

    private Order order(String user, String segment) throws ProblemException {
        return orders.find(user, id(segment))
                .orElseThrow(() -> ProblemException.notFound("order '" + segment + "' of yours"));
    }
}
