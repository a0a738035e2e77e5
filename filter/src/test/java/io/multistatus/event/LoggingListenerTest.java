package io.multistatus.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.multistatus.model.Headers;
import io.multistatus.model.Problem;
import io.multistatus.model.Subresponse;
import io.multistatus.model.Summary;
import io.multistatus.support.BatchEvents;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoggingListenerTest {
    private static final String LOGGER = "io.multistatus.batch";
    private static final Duration DURATION = Duration.ofMillis(17);
    private static final Subresponse FAILED = Subresponse.of(
            500,
            Headers.of("Set-Cookie", "sid=secret"),
            ByteBuffer.wrap("secret body".getBytes(StandardCharsets.UTF_8)));

    private final LoggingListener listener = new LoggingListener();
    private CapturedLog log = new CapturedLog();

    @BeforeEach
    @AfterEach
    void startAnew() {
        log.close();
        log = new CapturedLog();
    }

    @AfterEach
    void stop() {
        log.close();
    }

    @Test
    void aBatchIsOneLine() {
        listener.batchBegun(Events.BATCH);
        listener.batchEnded(Events.BATCH, new Summary(3, 1, List.of(), OptionalLong.empty()), DURATION);
        assertThat(log.lines(LOGGER))
                .singleElement()
                .asString()
                .endsWith(" - batch=b-1 path=/shop/batch items=3 succeeded=2 failed=1 durationMs=17");
    }

    @Test
    void aFailedItemIsOneLineWithoutItsQueryHeadersOrBody() {
        ItemEvent item = Events.item("a", "PUT", "/carts/7?token=secret");
        listener.itemBegun(item);
        listener.itemFailed(item, FAILED);
        listener.itemEnded(item, FAILED, DURATION);
        assertThat(log.lines(LOGGER))
                .singleElement()
                .asString()
                .endsWith(" - batch=b-1 item=a method=PUT path=/carts/7 status=500 durationMs=17 problem=-");
        assertThat(log.text()).doesNotContain("secret");
    }

    @Test
    void anItemThatTheBatchAnsweredSaysWhy() {
        Problem problem = Problem.of(504, "timeout", "Too slow").detail("secret detail");
        listener.itemEnded(Events.item("a", "GET", "/x"), Subresponse.of(problem), DURATION);
        assertThat(log.lines(LOGGER)).singleElement().asString().endsWith(" status=504 durationMs=17 problem=timeout");
        assertThat(log.text()).doesNotContain("secret");
    }

    @Test
    void whatSucceedsIsNotLogged() {
        Subresponse created = Subresponse.of(201, Headers.empty(), ByteBuffer.allocate(0));
        listener.itemEnded(Events.item("a", "POST", "/x"), created, DURATION);
        assertThat(log.lines(LOGGER)).isEmpty();
    }

    /** The detail used to be there: it names the culprit, so it quotes the body or a header. */
    @Test
    void aRefusedBatchIsOneLineThatQuotesNothingOfIt() {
        Problem problem = Problem.of(415, "unsupported-media-type", "Not read")
                .detail("The batch has Content-Type 'secret/secret'");
        listener.batchRefused(new RefusedBatchEvent("/batch", BatchEvents.NOBODY, problem));
        assertThat(log.lines(LOGGER))
                .singleElement()
                .asString()
                .endsWith(" - batch refused status=415 problem=unsupported-media-type");
        assertThat(log.text()).doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://user:secret@127.0.0.1/x",
                "/x#access_token=secret",
                "/x?secret",
                "/x;jsessionid=secret",
                "/a;jsessionid=secret/x",
            })
    void noPartOfAUrlThatMayHoldACredentialIsLogged(String url) {
        listener.itemEnded(Events.item("a", "GET", url), FAILED, DURATION);
        assertThat(log.lines(LOGGER)).singleElement().asString().containsPattern(" path=(/a)?/x status=500 ");
        assertThat(log.text()).doesNotContain("secret");
    }

    @Test
    void aSessionIdInTheUrlOfTheBatchIsNotLogged() {
        BatchEvent batch = BatchEvents.of("b-1", "/batch;jsessionid=secret", 1);
        listener.batchEnded(batch, new Summary(1, 0, List.of(), OptionalLong.empty()), DURATION);
        assertThat(log.lines(LOGGER)).singleElement().asString().contains(" path=/batch items=1 ");
        assertThat(log.text()).doesNotContain("secret");
    }

    @Test
    void whatAClientWroteCannotForgeALineOrAField() {
        String forged = "a\r\nb\u0085c\u2028d\u001b[31m status=200\t\u0000\u009bm\u202e";
        listener.itemEnded(Events.item(forged, forged, "/" + forged), FAILED, DURATION);
        assertThat(log.lines(LOGGER)).hasSize(1);
        assertThat(log.text().strip()).doesNotContainPattern("[\\p{Cc}\\u2028\\u202e]");
        assertThat(log.text().split("status=", -1)).hasSize(2);
    }

    @Test
    void whatAClientWroteIsCutShort() {
        String endless = "x".repeat(100_000);
        listener.itemEnded(Events.item(endless, endless, "/" + endless), FAILED, DURATION);
        assertThat(log.text()).hasSizeLessThan(1000);
    }

    @Test
    void anItemWithoutMethodAndUrlStillHasAllFields() {
        listener.itemEnded(Events.item("a", "", ""), FAILED, DURATION);
        assertThat(log.lines(LOGGER)).singleElement().asString().contains(" method=- path=- status=500 ");
    }
}
