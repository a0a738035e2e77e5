package io.multistatus.modes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.multistatus.support.Envelopes;
import io.multistatus.support.TestServer;
import io.multistatus.transaction.BatchTransaction;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever a batch does, {@code ordered} and {@code sequential} give the results of one after another. */
class OrderedOutcomeIT {
    private static final Notes NOTES = new Notes();
    private static TestServer server;

    @BeforeContainer
    static void start() throws Exception {
        server = TestServer.create()
                .batch(config -> config.transaction(new Undo()))
                .servlet("/notes/*", OrderedOutcomeIT::serve)
                .start();
    }

    @AfterContainer
    static void stop() throws Exception {
        server.close();
    }

    /** Items that may run side by side get mixed up. */
    private static void serve(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getParameter("async") == null) {
            pause();
            answer(request, response);
            return;
        }
        AsyncContext async = request.startAsync();
        async.start(() -> {
            pause();
            try {
                answer(request, response);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                async.complete();
            }
        });
    }

    private static void pause() {
        LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(300_000));
    }

    private static void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String note = request.getPathInfo().substring(1);
        Notes.Answer answer = NOTES.apply(
                kind(request.getMethod(), note),
                note.isEmpty() ? 0 : Integer.parseInt(note),
                request.getParameter("value"));
        response.setStatus(answer.status());
        response.setContentType("text/plain");
        response.getWriter().print(answer.text());
    }

    private static Operation.Kind kind(String method, String note) {
        return switch (method) {
            case "GET" -> note.isEmpty() ? Operation.Kind.LIST : Operation.Kind.READ;
            case "POST" -> Operation.Kind.CREATE;
            case "PUT" -> Operation.Kind.REPLACE;
            case "PATCH" -> Operation.Kind.APPEND;
            default -> Operation.Kind.DELETE;
        };
    }

    @Provide
    Arbitrary<List<Operation>> batches() {
        return GeneratedBatches.batches();
    }

    @Property(tries = 400)
    void orderedIsAsIfOneAfterAnother(@ForAll("batches") List<Operation> batch) throws Exception {
        holdsAgainstModel(batch, "execution=ordered", false);
    }

    @Property(tries = 200)
    void orderedStopsAtTheFirstErrorIfAsked(@ForAll("batches") List<Operation> batch) throws Exception {
        holdsAgainstModel(batch, "execution=ordered, continue-on-error=false", true);
    }

    @Property(tries = 100)
    void sequentialIsOneAfterAnother(@ForAll("batches") List<Operation> batch) throws Exception {
        holdsAgainstModel(batch, "execution=sequential", false);
    }

    private static void holdsAgainstModel(List<Operation> batch, String prefer, boolean stopOnError) throws Exception {
        NOTES.restore(new TreeMap<>());
        Notes model = new Notes();
        List<Notes.Answer> expected = OneAfterAnother.answers(batch, model, stopOnError);

        HttpResponse<String> response = server.post(
                Envelopes.batch(batch.stream().map(Operation::json).toArray(String[]::new)), "Prefer", prefer);

        assertThat(response.statusCode()).as(response.body()).isEqualTo(207);
        assertThat(answers(response)).as(response.body()).isEqualTo(expected);
        assertThat(NOTES.all()).isEqualTo(model.all());
    }

    private static List<Notes.Answer> answers(HttpResponse<String> response) {
        List<Notes.Answer> answers = new ArrayList<>();
        for (JsonNode item : Envelopes.of(response).path("responses")) {
            int status = item.path("status").asInt();
            answers.add(new Notes.Answer(status, item.path("body").asText("")));
        }
        return answers;
    }

    /** Puts all back as it was. */
    private static final class Undo implements BatchTransaction {
        @Override
        public Running begin(Duration limit) {
            SortedMap<Integer, String> before = NOTES.all();
            return new Running() {
                @Override
                public void commit() {}

                @Override
                public void rollback() {
                    NOTES.restore(before);
                }
            };
        }
    }
}
