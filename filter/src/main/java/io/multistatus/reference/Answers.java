package io.multistatus.reference;

import io.multistatus.content.BodyContent;
import io.multistatus.format.ContentType;
import io.multistatus.model.Headers;
import io.multistatus.model.Problem;
import io.multistatus.wire.HeaderRules;
import io.multistatus.wire.RefusedRequestException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the expressions of one item yield. Each body is walked through once, however many expressions are about it. Only
 * what the envelope shows can be referred to, so no script gets at an HttpOnly cookie by a reference. Not thread-safe.
 */
final class Answers {
    private final Function<String, Referent> referents;
    private final Map<Expression, Value> values = new HashMap<>();

    /**
     * The values of {@code expressions}.
     *
     * @param referents the items by their ids
     */
    Answers(Collection<Expression> expressions, Function<String, Referent> referents) {
        this.referents = referents;
        Map<String, Set<Expression>> byId = new HashMap<>();
        expressions.forEach(
                e -> byId.computeIfAbsent(e.id(), id -> new LinkedHashSet<>()).add(e));
        byId.forEach((id, about) -> evaluate(referents.apply(id), about));
    }

    /** The item of that id. */
    Referent referent(String id) {
        return referents.apply(id);
    }

    /**
     * What {@code expression} yields.
     *
     * @throws RefusedRequestException 424 if that is nothing
     */
    Value value(Expression expression) throws RefusedRequestException {
        @Nullable Value value = values.get(expression);
        if (value == null) {
            throw nothing(expression, "there is no such thing in the answer to '" + expression.id() + "'");
        }
        return value;
    }

    /**
     * The text that {@code expression} yields.
     *
     * @throws RefusedRequestException 424 if it yields nothing, or null
     */
    String text(Expression expression) throws RefusedRequestException {
        return value(expression).text().orElseThrow(() -> isNull(expression));
    }

    /** {@link #text} as it stands between the quotes of a JSON string. */
    JsonSlice escapedText(Expression expression) throws RefusedRequestException {
        return value(expression).escapedText().orElseThrow(() -> isNull(expression));
    }

    private void evaluate(Referent referent, Collection<Expression> expressions) {
        Headers headers = HeaderRules.forEnvelope(referent.response().headers());
        for (Expression expression : expressions) {
            switch (expression.part()) {
                case STATUS ->
                    values.put(expression, Value.of(referent.response().status()));
                case HEADER -> {
                    List<String> fields = headers.all(expression.argument());
                    if (!fields.isEmpty()) {
                        values.put(expression, Value.of(String.join(", ", fields)));
                    }
                }
                case BODY -> {}
            }
        }
        List<Expression> aboutBody = expressions.stream()
                .filter(e -> e.part() == Expression.Part.BODY)
                .toList();
        if (!aboutBody.isEmpty() && referent.response().body().hasRemaining()) {
            Optional<ContentType> type = headers.first("Content-Type").flatMap(ContentType::parse);
            evaluateBody(BodyContent.of(referent.response().body(), type), aboutBody);
        }
    }

    private void evaluateBody(BodyContent body, List<Expression> expressions) {
        if (body.kind() == BodyContent.Kind.JSON) {
            Map<String, JsonSlice> found = JsonPointers.find(
                    expressions.stream().map(Expression::argument).toList(),
                    body.bytes(),
                    body.offset(),
                    body.length());
            for (Expression expression : expressions) {
                @Nullable JsonSlice json = found.get(expression.argument());
                if (json != null) {
                    values.put(expression, Value.of(json));
                }
            }
            return;
        }
        Value whole = Value.of(asText(body));
        expressions.stream().filter(e -> e.argument().isEmpty()).forEach(e -> values.put(e, whole));
    }

    /** As the envelope writes it. */
    private static String asText(BodyContent body) {
        if (body.kind() == BodyContent.Kind.TEXT) {
            return new String(body.bytes(), body.offset(), body.length(), StandardCharsets.UTF_8);
        }
        byte[] bytes = Arrays.copyOfRange(body.bytes(), body.offset(), body.offset() + body.length());
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static RefusedRequestException isNull(Expression expression) {
        return nothing(expression, "it is null in the answer to '" + expression.id() + "'");
    }

    private static RefusedRequestException nothing(Expression expression, String why) {
        return new RefusedRequestException(
                Problem.of(424, "unresolved-reference", "A reference of the subrequest yields nothing")
                        .detail(Problem.quote(expression.text()) + " yields nothing: " + why + "; it has not run")
                        .with("dependency", expression.id()));
    }
}
