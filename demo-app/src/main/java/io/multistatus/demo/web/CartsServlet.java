package io.multistatus.demo.web;

import io.multistatus.demo.store.Cart;
import io.multistatus.demo.store.Carts;
import io.multistatus.demo.store.Products;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;

/**
 * {@code /api/carts}, {@code /api/carts/{id}}, {@code /api/carts/{id}/lines} and {@code /api/carts/{id}/lines/{line}}.
 */
final class CartsServlet extends ApiServlet {
    private static final long serialVersionUID = 1L;

    private final transient Carts carts;
    private final transient Products products;

    CartsServlet(Carts carts, Products products) {
        this.carts = carts;
        this.products = products;
    }

    @Override
    List<String> methods(List<String> segments) {
        if (segments.size() > 1 && !segments.get(1).equals("lines")) {
            return NONE;
        }
        return switch (segments.size()) {
            case 0 -> WRITE;
            case 1, 3 -> READ;
            case 2 -> READ_AND_ADD;
            default -> NONE;
        };
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws ProblemException, IOException {
        List<String> segments = segments(request);
        Cart cart = cart(segments.get(0));
        Object found = switch (segments.size()) {
            case 1 -> cart;
            case 2 -> cart.lines();
            default -> line(cart, segments.get(2));
        };
        Json.write(response, HttpServletResponse.SC_OK, found);
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response)
            throws ProblemException, IOException {
        List<String> segments = segments(request);
        if (segments.isEmpty()) {
            create(request, response);
        } else {
            addLine(cart(segments.get(0)), request, response);
        }
    }

    private void create(HttpServletRequest request, HttpServletResponse response) throws ProblemException, IOException {
        String customer = null;
        if (Json.hasBody(request)) {
            Fields fields = Json.read(request);
            customer = fields.optionalText("customer", 80);
            fields.check();
        }
        Cart cart = carts.create(customer);
        created(request, response, "/api/carts/" + cart.id(), cart);
    }

    private void addLine(Cart cart, HttpServletRequest request, HttpServletResponse response)
            throws ProblemException, IOException {
        Wanted wanted = Wanted.read(request, products);
        Cart.Line line = carts.add(cart.id(), wanted.product(), wanted.quantity());
        created(request, response, "/api/carts/" + cart.id() + "/lines/" + line.id(), line);
    }

    private Cart cart(String segment) throws ProblemException {
        return carts.find(id(segment)).orElseThrow(() -> ProblemException.notFound("cart '" + segment + "'"));
    }

    private Cart.Line line(Cart cart, String segment) throws ProblemException {
        return carts.findLine(cart.id(), id(segment))
                .orElseThrow(() -> ProblemException.notFound("line '" + segment + "' in cart " + cart.id()));
    }
}
