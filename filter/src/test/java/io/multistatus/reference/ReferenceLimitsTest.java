package io.multistatus.reference;

import static io.multistatus.reference.References.ANSWER;
import static io.multistatus.reference.References.answer;
import static io.multistatus.reference.References.item;
import static io.multistatus.reference.References.refusal;
import static io.multistatus.reference.References.resolve;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.management.ThreadMXBean;
import io.multistatus.model.Batch;
import io.multistatus.model.Headers;
import io.multistatus.model.ItemId;
import io.multistatus.model.Problem;
import io.multistatus.model.Subrequest;
import io.multistatus.model.Subresponse;
import io.multistatus.wire.RefusedRequestException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What references may take: length, room and time. */
class ReferenceLimitsTest {
    @Test
    void aShortItemCannotBecomeAnEndlessOne() {
        String many = "[" + "\"{$a.body}\",".repeat(1000) + "1]";
        Subrequest item = item("/x", Headers.of("Content-Type", "application/json"), many);

        assertThat(refusal(item).status()).isEqualTo(413);
        Problem noRoom = catchThrowableOfType(
                        RefusedRequestException.class, () -> resolve(item, ANSWER, 10_000_000, bytes -> false))
                .problem();
        assertThat(noRoom.status()).isEqualTo(507);
    }

    /** Each of a hundred short items could refer to the longest answer there may be. */
    @Test
    void theItemsOfABatchShareWhatOneMayTake() throws RefusedRequestException {
        Subrequest first =
                new Subrequest(0, ItemId.of("a"), "POST", "/shop/carts", Headers.empty(), null, List.of(), null, null);
        Subrequest item = item("/x?{$a.header.Location}", Headers.empty(), "");
        Subresponse answer = Subresponse.of(200, Headers.of("Location", "/".repeat(300)), ByteBuffer.allocate(0));
        ReferenceResolver resolver = new ReferenceResolver(new Batch(List.of(first, item)), true, "https", 2000);

        resolver.resolve(item, index -> new Referent("/shop/carts", answer), References::thereIsRoom);
        resolver.resolve(item, index -> new Referent("/shop/carts", answer), References::thereIsRoom);
        Problem problem = catchThrowableOfType(
                        RefusedRequestException.class,
                        () -> resolver.resolve(
                                item, index -> new Referent("/shop/carts", answer), References::thereIsRoom))
                .problem();

        assertThat(problem.status()).isEqualTo(507);
        assertThat(problem.detail()).contains("maxBatchBytes");
    }

    /** Each beginning could be looked at to the end of the text: that would take hours. */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void whatOnlyBeginsLikeAnExpressionTakesNoTime() throws RefusedRequestException {
        String beginnings = "{$a.header.".repeat(1_000_000);
        Subrequest item = item("/x", Headers.of("X", beginnings + "}", "Y", beginnings + "{$a.status}"), "");

        Subrequest resolved = resolve(item, ANSWER, 10_000, References::thereIsRoom);

        assertThat(resolved.headers().first("X")).hasValue(beginnings + "}");
        assertThat(resolved.headers().first("Y")).hasValue(beginnings + "201");
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void manyValuesInOneSegmentTakeNoTime() throws RefusedRequestException {
        Subrequest item = item("/x" + "{$a.status}".repeat(300_000), Headers.empty(), "");

        assertThat(resolve(item, ANSWER, 10_000_000, References::thereIsRoom).url())
                .isEqualTo("/x" + "201".repeat(300_000));
    }

    /** Each level of a deep answer is a value that has the rest in it. */
    @Test
    void whatIsRefusedForItsLengthIsNotMadeFirst() {
        int levels = 500;
        String deep = "{\"x\":".repeat(levels) + '"' + "y".repeat(1_000_000) + '"' + "}".repeat(levels);
        Subresponse answer = answer(200, deep, "Content-Type", "application/json");
        StringBuilder all = new StringBuilder();
        for (int level = 0; level < levels; level++) {
            all.append("<{$a.body#").append("/x".repeat(level)).append("}>");
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Subrequest inBody = item("/x", Headers.of("Content-Type", "application/json"), "[\"" + all + "\"]");
        Subrequest inUrl = item("/x?" + all, Headers.empty(), "");
        Subrequest inHeader = item("/x", Headers.of("X", all.toString()), "");

        for (Subrequest item : List.of(inBody, inUrl, inHeader)) {
            long before = threads.getCurrentThreadAllocatedBytes();
            Problem problem = catchThrowableOfType(
                            RefusedRequestException.class,
                            () -> resolve(item, answer, 2_000_000, References::thereIsRoom))
                    .problem();

            assertThat(problem.status()).isEqualTo(413);
            assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(100_000_000);
        }
    }
}
