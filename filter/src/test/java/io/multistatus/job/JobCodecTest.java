package io.multistatus.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multistatus.model.Batch;
import io.multistatus.model.Headers;
import io.multistatus.model.ItemId;
import io.multistatus.model.Problem;
import io.multistatus.model.Subrequest;
import io.multistatus.model.Subresponse;
import java.io.StreamCorruptedException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/** What is written is what is read; what is not written so is not read. */
class JobCodecTest {

    /** Of all characters there are, halves of surrogate pairs among them. */
    private static Arbitrary<String> texts() {
        return Arbitraries.oneOf(
                Arbitraries.strings().ascii().ofMaxLength(12),
                Arbitraries.strings().withCharRange('\0', '\u00ff').ofMaxLength(12),
                Arbitraries.strings().withCharRange('\0', '\uffff').ofMaxLength(12));
    }

    private static Arbitrary<Headers> headers() {
        return Combinators.combine(texts(), texts())
                .as((name, value) -> List.of(name, value))
                .list()
                .ofMaxSize(3)
                .map(fields -> {
                    Headers.Builder headers = Headers.builder();
                    fields.forEach(field -> headers.add(field.get(0), field.get(1)));
                    return headers.build();
                });
    }

    /** With bytes around it that are not of it. */
    private static Arbitrary<ByteBuffer> bodies() {
        return Arbitraries.bytes()
                .array(byte[].class)
                .ofMaxSize(20)
                .map(bytes -> ByteBuffer.wrap(bytes, bytes.length / 4, bytes.length / 2));
    }

    private static Arbitrary<Problem> problems() {
        Arbitrary<Object> values = Arbitraries.oneOf(
                texts().asGeneric(),
                Arbitraries.integers().asGeneric(),
                Arbitraries.longs().asGeneric());
        return Combinators.combine(
                        Arbitraries.integers().between(400, 599),
                        texts(),
                        texts(),
                        texts(),
                        Arbitraries.maps(texts(), values).ofMaxSize(3))
                .as(Problem::new);
    }

    private static Arbitrary<ItemId> ids() {
        return Combinators.combine(
                        texts(),
                        Arbitraries.of(ItemId.Spelling.class),
                        Arbitraries.integers().between(0, 3))
                .as(ItemId::new);
    }

    @Example
    void whatWasRefusedStillIs() throws Exception {
        JobAnswer refused = new JobAnswer(0, "/", Subresponse.of(Problem.of(403, "forbidden-target", "No")));
        JobAnswer hosts = new JobAnswer(
                0,
                "/",
                Subresponse.of(
                        403, refused.response().headers(), refused.response().body()));
        assertThat(JobCodec.decodeAnswer(0, JobCodec.encode(refused)).response().refused())
                .isTrue();
        assertThat(JobCodec.decodeAnswer(0, JobCodec.encode(hosts)).response().refused())
                .isFalse();
    }

    @Provide
    Arbitrary<Batch> batches() {
        Arbitrary<Subrequest> items = Combinators.combine(
                        ids().injectNull(0.2),
                        texts(),
                        texts(),
                        headers(),
                        bodies().injectNull(0.2),
                        texts().list().ofMaxSize(3),
                        texts().injectNull(0.5),
                        problems().injectNull(0.5))
                .as((id, method, url, headers, body, dependsOn, group, fault) ->
                        new Subrequest(0, id, method, url, headers, body, dependsOn, group, fault));
        return items.list().ofMaxSize(4).map(all -> {
            List<Subrequest> inOrder = new ArrayList<>();
            for (Subrequest item : all) {
                inOrder.add(new Subrequest(
                        inOrder.size(),
                        item.id(),
                        item.method(),
                        item.url(),
                        item.headers(),
                        item.body(),
                        item.dependsOn(),
                        item.atomicityGroup(),
                        item.fault()));
            }
            return new Batch(inOrder);
        });
    }

    @Provide
    Arbitrary<JobAnswer> answers() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 9_999),
                        texts(),
                        Arbitraries.integers().between(200, 599),
                        headers(),
                        bodies(),
                        problems().injectNull(0.5))
                .as((item, target, status, headers, body, problem) ->
                        new JobAnswer(item, target, new Subresponse(status, headers, body, problem)));
    }

    @Property(tries = 500)
    void batchesAreReadAsTheyWereWritten(@ForAll("batches") Batch batch) throws Exception {
        assertThat(Written.out(JobCodec.decodeBatch(JobCodec.encode(batch)))).isEqualTo(Written.out(batch));
    }

    @Property(tries = 500)
    void answersAreReadAsTheyWereWritten(@ForAll("answers") JobAnswer answer) throws Exception {
        assertThat(Written.out(JobCodec.decodeAnswer(answer.item(), JobCodec.encode(answer))))
                .isEqualTo(Written.out(answer));
    }

    @Property(tries = 100)
    void whatIsCutOffIsNotRead(@ForAll("batches") Batch batch) {
        byte[] bytes = JobCodec.encode(batch);
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> JobCodec.decodeBatch(cut))
                    .isInstanceOf(StreamCorruptedException.class)
                    .hasMessageMatching(".*\\(byte \\d+ of " + length + "\\)");
        }
    }

    /** It is read as something else, or refused; nothing else is thrown. */
    @Property(tries = 100)
    void whatHasBeenChangedDoesNoHarm(@ForAll("batches") Batch batch, @ForAll byte other) {
        byte[] bytes = JobCodec.encode(batch);
        for (int i = 0; i < bytes.length; i++) {
            byte[] changed = bytes.clone();
            changed[i] = other;
            String problem = problemOf(changed);
            assertThat(problem == null || problem.endsWith(" of " + bytes.length + ")"))
                    .as(problem)
                    .isTrue();
        }
    }

    /** Null if there is none. */
    private static @Nullable String problemOf(byte[] bytes) {
        try {
            JobCodec.decodeBatch(bytes);
            return null;
        } catch (StreamCorruptedException e) {
            return e.getMessage();
        }
    }

    @Example
    void whatIsWrongIsNamed() {
        byte[] batch = JobCodec.encode(new Batch(List.of()));
        byte[] answer = JobCodec.encode(JobStoreContract.answer(0, 200));
        assertThat(problemOf(answer)).isEqualTo("it begins with 65 and not with 66 (byte 1 of " + answer.length + ")");
        assertThat(problemOf(new byte[] {'B', 9})).isEqualTo("it is of version 9, and only 1 is known (byte 2 of 2)");
        assertThat(problemOf(new byte[] {'B', 1, 127, -1, -1, -1, 0}))
                .isEqualTo("it has a length of 2147483647 where only 1 bytes follow (byte 6 of 7)");
        assertThat(problemOf(new byte[] {'B', 1, -1, -1, -1, -1, 0})).contains("a length of -1");
        assertThat(problemOf(Arrays.copyOf(batch, batch.length + 1))).contains("more bytes follow");
        assertThatThrownBy(() -> JobCodec.decodeAnswer(0, new byte[] {'A', 1, 1, 127, -1, -1, -1}))
                .hasMessageContaining("a length of 2147483647");
        assertThatThrownBy(() -> JobCodec.decodeAnswer(0, new byte[] {'A', 1, 7}))
                .hasMessageContaining("an unknown coding, 7");
    }
}
