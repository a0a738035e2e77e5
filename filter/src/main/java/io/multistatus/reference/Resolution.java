package io.multistatus.reference;

import io.multistatus.content.BodyContent;
import io.multistatus.content.Charsets;
import io.multistatus.format.BaseReference;
import io.multistatus.format.ContentType;
import io.multistatus.model.Headers;
import io.multistatus.model.HttpSyntax;
import io.multistatus.model.Problem;
import io.multistatus.model.Subrequest;
import io.multistatus.wire.RefusedRequestException;
import io.multistatus.wire.TargetRules;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The references of one item, from where they stand to what takes their place. Not thread-safe. */
final class Resolution {
    private final Subrequest item;
    private final List<String> ids;
    private final Function<String, Referent> answered;
    private final String scheme;
    private final String hostUrlPrefix;
    private final long maxBytes;
    private final List<Expression.Place> inUrl;
    private final Map<Integer, List<Expression.Place>> inHeaders = new HashMap<>();
    private final @Nullable BodyContent body;
    private final List<JsonTemplate.Place> inBody;
    private final Set<Expression> all = new HashSet<>();
    /** The item whose URL this one's begins with, in OData's form. */
    private final @Nullable String baseId;

    /**
     * Finds the references.
     *
     * @param baseIds whose URL this one's may begin with
     * @param ids what expressions may refer to; of two that begin alike the longer one first
     * @param answered the items of those ids
     * @param scheme that of the batch's own URL
     * @param hostUrlPrefix what makes a path that the host gave a URL that nothing is put before
     * @param maxBytes how long the texts of the item may become
     */
    Resolution(
            Subrequest item,
            List<String> baseIds,
            List<String> ids,
            Function<String, Referent> answered,
            String scheme,
            String hostUrlPrefix,
            long maxBytes) {
        this.hostUrlPrefix = hostUrlPrefix;
        this.scheme = scheme;
        this.item = item;
        this.maxBytes = maxBytes;
        this.ids = ids;
        this.answered = answered;
        baseId = BaseReference.idIn(item.url(), baseIds).orElse(null);
        inUrl = Expression.findAll(item.url(), ids);
        inUrl.forEach(place -> all.add(place.expression()));
        for (int i = 0; i < item.headers().size(); i++) {
            List<Expression.Place> places = Expression.findAll(item.headers().value(i), ids);
            if (!places.isEmpty()) {
                inHeaders.put(i, places);
                places.forEach(place -> all.add(place.expression()));
            }
        }
        body = ids.isEmpty() ? null : jsonBody(item);
        inBody = body == null ? List.of() : JsonTemplate.places(body.bytes(), body.offset(), body.length(), ids);
        inBody.forEach(place -> all.add(place.expression()));
    }

    private static @Nullable BodyContent jsonBody(Subrequest item) {
        ByteBuffer bytes = item.body();
        Optional<ContentType> type =
                item.headers().first("Content-Type").flatMap(ContentType::parse).filter(ContentType::isJson);
        if (bytes == null || type.isEmpty()) {
            return null;
        }
        BodyContent content = BodyContent.of(bytes, type);
        // In another charset, what is put in would not be in that of the rest.
        boolean utf8 = Charsets.isUtf8(type.get().charset().flatMap(Charsets::find));
        return utf8 && content.kind() == BodyContent.Kind.JSON ? content : null;
    }

    /** How many places there are that refer to something. */
    int places() {
        return inUrl.size()
                + inHeaders.values().stream().mapToInt(List::size).sum()
                + inBody.size()
                + (baseId == null ? 0 : 1);
    }

    /** Where there is room for what they are replaced by. */
    @FunctionalInterface
    interface Room {
        /**
         * Takes some of it.
         *
         * @throws RefusedRequestException if there is not so much
         */
        void take(long bytes) throws RefusedRequestException;
    }

    /** The item with all of them replaced; empty if it has none. */
    Optional<Subrequest> resolve(Room room) throws RefusedRequestException {
        if (all.isEmpty() && baseId == null) {
            return Optional.empty();
        }
        Answers answers = new Answers(all, answered);
        reserve(answers, room);
        return Optional.of(new Subrequest(
                item.index(),
                item.id(),
                item.method(),
                url(answers),
                headers(answers),
                body(answers),
                item.dependsOn(),
                item.atomicityGroup(),
                null));
    }

    /** Before anything is put together: a short item can refer to a long answer many times. */
    private void reserve(Answers answers, Room room) throws RefusedRequestException {
        long more = 0;
        for (Expression.Place place : inUrl) {
            more = withinLimit(more + UrlTemplate.encodedLength(answers.text(place.expression())));
        }
        for (List<Expression.Place> places : inHeaders.values()) {
            for (Expression.Place place : places) {
                more = withinLimit(more + answers.text(place.expression()).length());
            }
        }
        more += inBody.isEmpty() ? 0 : bodyLength(answers, more);
        room.take(more);
    }

    /** Values are made one by one, so none is made that would not fit any more. */
    private long withinLimit(long bytes) throws RefusedRequestException {
        if (bytes > maxBytes) {
            throw new RefusedRequestException(Problem.of(413, "subrequest-too-large", "The subrequest is too large")
                    .detail("With what it refers to it is longer than " + maxBytes
                            + " bytes (maxBatchBytes); it has not run")
                    .with("limit", maxBytes)
                    .limitedBy("maxBatchBytes"));
        }
        return bytes;
    }

    private long bodyLength(Answers answers, long besides) throws RefusedRequestException {
        long length = Objects.requireNonNull(body).length();
        for (JsonTemplate.Place place : inBody) {
            length -= place.end() - place.begin();
        }
        for (JsonTemplate.Place place : inBody) {
            length += replacement(place, answers).length();
            withinLimit(besides + length);
        }
        return length;
    }

    private static JsonSlice replacement(JsonTemplate.Place place, Answers answers) throws RefusedRequestException {
        return place.wholeString() ? answers.value(place.expression()).json() : answers.escapedText(place.expression());
    }

    private String url(Answers answers) throws RefusedRequestException {
        String written = item.url();
        if (inUrl.size() == 1 && inUrl.get(0).expression().text().equals(written)) {
            Expression whole = inUrl.get(0).expression();
            return takenOver(answers.text(whole), answers.referent(whole.id()));
        }
        if (baseId == null) {
            return fill(written, inUrl, answers);
        }
        Referent base = answers.referent(baseId);
        String location = base.response().headers().first("Location").orElse(base.target());
        String baseUrl = takenOver(location, base);
        int begin = 1 + baseId.length();
        if (begin == written.length()) {
            return baseUrl;
        }
        List<Expression.Place> inRest = Expression.findAll(written.substring(begin), ids);
        return pathOf(baseUrl) + fill(written.substring(begin), inRest, answers);
    }

    private static String fill(String url, List<Expression.Place> places, Answers answers)
            throws RefusedRequestException {
        Map<Expression, String> texts = new HashMap<>();
        for (Expression.Place place : places) {
            texts.put(place.expression(), answers.text(place.expression()));
        }
        return new UrlTemplate(url, places).fill(texts::get);
    }

    /** A URL that an answer gave: a relative one is relative to what was answered (RFC 3986, section 5.1.3). */
    private String takenOver(String reference, Referent from) {
        int fragment = reference.indexOf('#');
        String url = fragment < 0 ? reference : reference.substring(0, fragment);
        if (url.startsWith("//")) {
            // With a host of its own, which a request target that is written like this would not have.
            return scheme + ":" + url;
        }
        String target = TargetRules.isRelative(url) ? TargetRules.relativeTo(pathOf(from.target()), url) : url;
        return target.startsWith("/") ? hostUrlPrefix + target : target;
    }

    private static String pathOf(String url) {
        int query = url.indexOf('?');
        return query < 0 ? url : url.substring(0, query);
    }

    private Headers headers(Answers answers) throws RefusedRequestException {
        if (inHeaders.isEmpty()) {
            return item.headers();
        }
        Headers.Builder filled = Headers.builder();
        for (int i = 0; i < item.headers().size(); i++) {
            @Nullable List<Expression.Place> places = inHeaders.get(i);
            String name = item.headers().name(i);
            String value = item.headers().value(i);
            filled.add(name, places == null ? value : fieldValue(name, value, places, answers));
        }
        return filled.build();
    }

    private static String fieldValue(String name, String written, List<Expression.Place> places, Answers answers)
            throws RefusedRequestException {
        StringBuilder filled = new StringBuilder();
        int end = 0;
        for (Expression.Place place : places) {
            String value = answers.text(place.expression());
            if (!HttpSyntax.isFieldValue(value)) {
                throw new RefusedRequestException(Problem.malformedRequest(
                        "The value of " + Problem.quote(place.expression().text()) + " in the header "
                                + Problem.quote(name) + " has a control or a character outside Latin-1"));
            }
            filled.append(written, end, place.begin()).append(value);
            end = place.end();
        }
        return HttpSyntax.trim(filled.append(written, end, written.length()).toString());
    }

    private @Nullable ByteBuffer body(Answers answers) throws RefusedRequestException {
        if (inBody.isEmpty()) {
            return item.body();
        }
        BodyContent json = Objects.requireNonNull(body);
        ByteBuffer filled = ByteBuffer.allocate(Math.toIntExact(bodyLength(answers, 0)));
        int end = json.offset();
        for (JsonTemplate.Place place : inBody) {
            JsonSlice value = replacement(place, answers);
            filled.put(json.bytes(), end, place.begin() - end);
            filled.put(value.bytes(), value.offset(), value.length());
            end = place.end();
        }
        filled.put(json.bytes(), end, json.offset() + json.length() - end);
        return filled.flip();
    }
}
