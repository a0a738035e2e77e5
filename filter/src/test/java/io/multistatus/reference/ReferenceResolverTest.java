package io.multistatus.reference;

import static io.multistatus.reference.References.ANSWER;
import static io.multistatus.reference.References.answer;
import static io.multistatus.reference.References.item;
import static io.multistatus.reference.References.refusal;
import static io.multistatus.reference.References.resolve;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.multistatus.model.Batch;
import io.multistatus.model.Headers;
import io.multistatus.model.ItemId;
import io.multistatus.model.Problem;
import io.multistatus.model.Subrequest;
import io.multistatus.model.Subresponse;
import io.multistatus.wire.RefusedRequestException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReferenceResolverTest {
    private static String url(String url) throws RefusedRequestException {
        return resolve(item(url, Headers.empty(), ""), ANSWER, 10_000, References::thereIsRoom)
                .url();
    }

    private static String body(String body) throws RefusedRequestException {
        return body(body, ANSWER);
    }

    private static String body(String body, Subresponse answer) throws RefusedRequestException {
        Subrequest resolved = resolve(
                item("/x", Headers.of("Content-Type", "application/json"), body),
                answer,
                10_000,
                References::thereIsRoom);
        return StandardCharsets.UTF_8
                .decode(Objects.requireNonNull(resolved.body()).duplicate())
                .toString();
    }

    private static Problem urlRefusal(String url) {
        return refusal(item(url, Headers.empty(), ""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "/carts/{$a.body#/id} /carts/7",
                "/carts/{$a.body#/id}/x?s={$a.status} /carts/7/x?s=201",
                "/u?n={$a.body#/name} /u?n=Ada%20%22L%22%20%C3%A9%F0%9F%98%80",
                "/skus/{$a.body#/lines/0/sku} /skus/a%2Fb",
                "/q?s={$a.body#/lines/1/sku} /q?s=..",
                "/q?s={$a.body#/empty}&t /q?s=&t",
                "/x/v{$a.body#/a~1b}-{$a.body#/m~0n}/y /x/v1-2/y",
                "/x?o={$a.body#/lines/0} /x?o=%7B%22sku%22%3A%20%22a%2Fb%22%7D",
                "/x?o={$a.body#/open} /x?o=true",
                "/x?h={$a.header.x-two} /x?h=one%2C%20two",
                "{$a.header.Location} /shop/carts/7",
                "$a /shop/carts/7",
                "$a/lines /shop/carts/7/lines",
                "$a/lines/{$a.body#/id} /shop/carts/7/lines/7",
                "$a?full=1 /shop/carts/7?full=1",
                "{$a.body#/id}/x 7/x",
            })
    void valuesStandInUrls(String url, String expected) throws RefusedRequestException {
        assertThat(url(url)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/x?{$a.nothing}",
                "/x?{$a.body#id}",
                "/x?{$a.body",
                "/x?{$a}",
                "/x?{a.status}",
                "/x?{$ a.status}",
                "/x?{$c.status}",
                "/x?{$a.header.}",
                "/x?{$a.header.a b}",
                "$ab",
                "$abc/x",
                "/$a/x",
            })
    void whatIsNoReferenceStays(String url) throws RefusedRequestException {
        assertThat(url(url)).isEqualTo(url);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/carts/{$a.body#/lines/1/sku}/x",
                "/carts/{$a.body#/lines/1/sku}",
                "/carts/{$a.body#/lines/1/sku};v=1/x",
                "/carts/{$a.body#/empty}",
                "/carts/{$a.body#/empty}/x",
                "/carts/.{$a.body#/empty}./x",
                "/carts/%2e{$a.body#/empty}%2E/x",
                "/carts/x%2F{$a.body#/lines/1/sku}/x",
                "/carts/{$a.body#/half}",
            })
    void aValueChangesNoOtherSegment(String url) {
        Problem problem = urlRefusal(url);

        assertThat(problem.status()).isEqualTo(400);
        assertThat(problem.detail())
                .startsWith("Item 'b': The value of '{$a.body#/")
                .contains("in the url");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/x/{$a.body#/nothing}",
                "/x/{$a.body#/none}",
                "/x/{$a.body#/lines/2}",
                "/x/{$a.body#/lines/-}",
                "/x/{$a.body#/lines/00}",
                "/x/{$a.body#/id/x}",
                "/x/{$a.body#/m~n}",
                "/x/{$a.header.X-Nothing}",
                "/x/{$a.header.Set-Cookie}",
                "/x/{$a.header.Date}",
            })
    void aReferenceToNothingIsAFailedDependency(String url) {
        Problem problem = urlRefusal(url);

        assertThat(problem.status()).isEqualTo(424);
        assertThat(problem.type()).isEqualTo("urn:multistatus:unresolved-reference");
        assertThat(problem.detail()).startsWith("Item 'b': '{$a.").contains("yields nothing");
        assertThat(problem.members()).containsEntry("dependency", "a");
    }

    @Test
    void aReferenceToAnItemThatItDoesNotDependOnIsAMistake() {
        Subrequest item =
                new Subrequest(1, ItemId.of("b"), "GET", "/x/{$a.body}", Headers.empty(), null, List.of(), null, null);

        Problem problem = refusal(item);

        assertThat(problem.status()).isEqualTo(400);
        assertThat(problem.detail())
                .contains("Item 'b'")
                .contains("'{$a.body}'")
                .contains("dependsOn");
    }

    @ParameterizedTest
    @CsvSource({
        "items/2,/shop/items/2",
        "../items/2,/items/2",
        "?page=2,/shop/carts?page=2",
        "/items/2#top,/items/2",
        "http://h/items/2,http://h/items/2",
        "//h/items/2,https://h/items/2",
    })
    void aUrlThatIsTakenOverIsRelativeToWhereItCameFrom(String location, String expected)
            throws RefusedRequestException {
        Subresponse answer = answer(201, "", "Location", location);

        Subrequest resolved =
                resolve(item("{$a.header.Location}", Headers.empty(), ""), answer, 10_000, References::thereIsRoom);

        assertThat(resolved.url()).isEqualTo(expected);
    }

    @Test
    void anItemWithoutLocationIsReferredToByItsOwnUrl() throws RefusedRequestException {
        Subresponse answer = answer(200, "");

        assertThat(resolve(item("$a", Headers.empty(), ""), answer, 10_000, References::thereIsRoom)
                        .url())
                .isEqualTo("/shop/carts?x=1");
        assertThat(resolve(item("$a/y", Headers.empty(), ""), answer, 10_000, References::thereIsRoom)
                        .url())
                .isEqualTo("/shop/carts/y");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\": \"{$a.body#/id}\"}|{\"a\": 7}",
                "{\"a\":\"{$a.status}\"}|{\"a\":201}",
                "[\"{$a.body#/none}\", \"{$a.body#/open}\"]|[null, true]",
                "[\"{$a.body#/lines/0}\"]|[{\"sku\": \"a/b\"}]",
                "\"{$a.body#/name}\"|\"Ada \\\"L\\\" \\u00e9\\ud83d\\ude00\"",
                "{\"a\": \"n {$a.body#/name}!\"}|{\"a\": \"n Ada \\\"L\\\" \u00e9\uD83D\uDE00!\"}",
                "{\"a\": \" {$a.body#/id}\"}|{\"a\": \" 7\"}",
                "{\"a\": \"\\u00e9\\u007b\\u0024a.status}\\/\"}|{\"a\": \"\\u00e9201\\/\"}",
                "{\"{$a.status}\": \"\u00e9\uD83D\uDE00{$a.status}{$a.status}\"}|{\"{$a.status}\": \"\u00e9\uD83D\uDE00201201\"}",
                "{\"a\": \"{$a.header.x-latin} {$a.header.X-Two}\"}|{\"a\": \"caf\u00e9 one, two\"}",
                "{\"a\": \"x{$a.body#/half}\"}|{\"a\": \"x\\ud83d\"}",
                "{ \"n\":1.0e5,\"a\" : \"{$a.body#/id}\" , \"n\":1.0e5 }|{ \"n\":1.0e5,\"a\" : 7 , \"n\":1.0e5 }",
                "{\"a\": \"{$c.status}\"}|{\"a\": \"{$c.status}\"}",
            })
    void valuesStandInJsonBodies(String written, String expected) throws RefusedRequestException {
        assertThat(body(written)).isEqualTo(expected);
    }

    @Test
    void aWholeBodyIsTakenOverAsItIs() throws RefusedRequestException {
        assertThat(body("{\"a\":\"{$a.body}\"}")).isEqualTo("{\"a\":" + References.CART + "}");
        assertThat(body("\"{$a.body}\"", answer(200, " [1,\n2] ", "Content-Type", "application/json")))
                .isEqualTo("[1,\n2]");
        assertThat(body("\"{$a.body}\"", answer(200, "a\n\"b\"", "Content-Type", "text/plain")))
                .isEqualTo("\"a\\n\\\"b\\\"\"");
        assertThat(body("\"{$a.body}\"", answer(200, "\u0001\u0002?~", "Content-Type", "image/png")))
                .isEqualTo("\"AQI_fg\"");
    }

    @Test
    void whatHasBeenPutInIsNotLookedAtAgain() throws RefusedRequestException {
        Subresponse answer =
                answer(200, "{\"x\": \"{$a.status}\", \"y\": \"{$a.body#/x}\"}", "Content-Type", "application/json");

        assertThat(body("[\"{$a.body#/x}\", \"-{$a.body#/y}\"]", answer))
                .isEqualTo("[\"{$a.status}\", \"-{$a.body#/x}\"]");
    }

    @Test
    void bodiesThatAreNotJsonStay() throws RefusedRequestException {
        Subrequest text = item("/x", Headers.of("Content-Type", "text/plain"), "{$a.status}");
        Subrequest broken = item("/x", Headers.of("Content-Type", "application/json"), "[\"{$a.status}\"");
        Subrequest utf16 = item("/x", Headers.of("Content-Type", "application/json; charset=utf-16"), "");

        assertThat(resolve(text, ANSWER, 10_000, References::thereIsRoom)).isSameAs(text);
        assertThat(resolve(broken, ANSWER, 10_000, References::thereIsRoom)).isSameAs(broken);
        assertThat(resolve(utf16, ANSWER, 10_000, References::thereIsRoom)).isSameAs(utf16);
    }

    @Test
    void valuesStandInHeaders() throws RefusedRequestException {
        Headers headers = Headers.of("If-Match", "\"{$a.status}\"", "X-{$a.status}", "-{$a.header.X-Latin}-", "Y", "y");

        Subrequest resolved = resolve(item("/x", headers, ""), ANSWER, 10_000, References::thereIsRoom);

        assertThat(resolved.headers().first("If-Match")).hasValue("\"201\"");
        assertThat(resolved.headers().first("X-{$a.status}")).hasValue("-caf\u00e9-");
        assertThat(resolved.headers().first("Y")).hasValue("y");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\\r\\nX-Evil: 1", "a\\nb", "a\\u0000b", "\\u20ac", "\\ud83d"})
    void aValueThatNoHeaderCanHaveIsTheItemsFault(String json) {
        Subresponse answer = answer(200, "\"" + json + "\"", "Content-Type", "application/json");
        Subrequest item = item("/x", Headers.of("X-Name", "{$a.body}"), "");

        Problem problem = catchThrowableOfType(
                        RefusedRequestException.class, () -> resolve(item, answer, 10_000, References::thereIsRoom))
                .problem();

        assertThat(problem.status()).isEqualTo(400);
        assertThat(problem.detail()).contains("Item 'b'").contains("'X-Name'").contains("'{$a.body}'");
    }

    @Test
    void theLongerOfTwoIdsThatBeginAlikeIsTried() throws RefusedRequestException {
        Subrequest a = new Subrequest(0, ItemId.of("a"), "GET", "/a", Headers.empty(), null, List.of(), null, null);
        Subrequest dotted =
                new Subrequest(1, ItemId.of("a.header.x"), "GET", "/b", Headers.empty(), null, List.of(), null, null);
        Subrequest item = new Subrequest(
                2,
                ItemId.of("c"),
                "GET",
                "/{$a.header.x.status}/{$a.header.x}/{$a.status}",
                Headers.empty(),
                null,
                List.of("a", "a.header.x"),
                null,
                null);
        ReferenceResolver resolver = new ReferenceResolver(new Batch(List.of(a, dotted, item)), true, "http", 1000);

        Subrequest resolved = resolver.resolve(
                item, index -> new Referent("/", answer(200 + index, "", "X", "of " + index)), References::thereIsRoom);

        assertThat(resolved.url()).isEqualTo("/201/of%200/200");
    }

    @Test
    void withoutExpressionsOnlyTheBeginOfAUrlRefers() throws Exception {
        Subrequest first =
                new Subrequest(0, ItemId.of("a"), "POST", "/shop/carts", Headers.empty(), null, List.of(), null, null);
        Headers headers = Headers.of("Content-Type", "application/json", "X-Any", "{$a.status}");
        Subrequest item = item("$a/{$a.status}?x={$a.body}", headers, "{\"text\":\"{$a.body}\"}");
        ReferenceResolver resolver = new ReferenceResolver(new Batch(List.of(first, item)), false, "https", 10_000);

        Subrequest resolved = resolver.resolve(item, index -> new Referent("/", ANSWER), References::thereIsRoom);

        assertThat(resolved.url()).isEqualTo("/shop/carts/7/{$a.status}?x={$a.body}");
        assertThat(resolved.headers()).isSameAs(headers);
        assertThat(resolved.body()).isSameAs(item.body());
    }

    @ParameterizedTest
    @CsvSource({"$c/x, c", "$b, b", "$c?y, c"})
    void withoutExpressionsAnItemRefersToNoneThatDoesNotStandBeforeIt(String url, String id) {
        Subrequest a = new Subrequest(0, ItemId.of("a"), "GET", "/a", Headers.empty(), null, List.of(), null, null);
        Subrequest b = new Subrequest(1, ItemId.of("b"), "GET", url, Headers.empty(), null, List.of(), null, null);
        Subrequest c = new Subrequest(2, ItemId.of("c"), "GET", "/c", Headers.empty(), null, List.of(), null, null);
        ReferenceResolver resolver = new ReferenceResolver(new Batch(List.of(a, b, c)), false, "http", 1000);

        Problem problem = catchThrowableOfType(
                        RefusedRequestException.class,
                        () -> resolver.resolve(b, index -> new Referent("/", ANSWER), References::thereIsRoom))
                .problem();

        assertThat(problem.status()).isEqualTo(400);
        assertThat(problem.detail())
                .isEqualTo("Item 'b' refers to '" + id
                        + "' at the beginning of its url, but that does not stand before it");
    }

    @Test
    void whatIsNoIdIsTheHostsOwn() throws Exception {
        Subrequest item =
                new Subrequest(0, ItemId.of("a"), "GET", "$metadata", Headers.empty(), null, List.of(), null, null);
        ReferenceResolver resolver = new ReferenceResolver(new Batch(List.of(item)), false, "http", 1000);
        assertThat(resolver.resolve(item, index -> new Referent("/", ANSWER), References::thereIsRoom))
                .isSameAs(item);
    }
}
