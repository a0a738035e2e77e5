package io.multistatus.job;

import io.multistatus.model.Batch;
import io.multistatus.model.Headers;
import io.multistatus.model.Problem;
import io.multistatus.model.Subrequest;
import io.multistatus.model.Subresponse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All there is in batches and answers, as lists that can be compared. */
final class Written {
    private Written() {}

    static List<List<@Nullable Object>> out(Batch batch) {
        return batch.items().stream().map(Written::out).toList();
    }

    private static List<@Nullable Object> out(Subrequest item) {
        return Arrays.asList(
                item.index(),
                item.id(),
                item.method(),
                item.url(),
                out(item.headers()),
                out(item.body()),
                item.dependsOn(),
                item.atomicityGroup(),
                out(item.fault()));
    }

    static List<@Nullable Object> out(JobAnswer answer) {
        Subresponse response = answer.response();
        return Arrays.asList(
                answer.item(),
                answer.target(),
                response.status(),
                out(response.headers()),
                out(response.body()),
                out(response.problem()));
    }

    static Map<Integer, List<@Nullable Object>> out(Map<Integer, JobAnswer> answers) {
        Map<Integer, List<@Nullable Object>> all = new TreeMap<>();
        answers.forEach((item, answer) -> all.put(item, out(answer)));
        return all;
    }

    private static List<String> out(Headers headers) {
        List<String> lines = new ArrayList<>();
        headers.forEach((name, value) -> lines.add(name + "=" + value));
        return lines;
    }

    private static @Nullable List<Byte> out(@Nullable ByteBuffer body) {
        if (body == null) {
            return null;
        }
        List<Byte> bytes = new ArrayList<>();
        ByteBuffer rest = body.duplicate();
        while (rest.hasRemaining()) {
            bytes.add(rest.get());
        }
        return bytes;
    }

    /** The members in their order, which maps do not compare. */
    private static @Nullable List<Object> out(@Nullable Problem problem) {
        return problem == null
                ? null
                : List.of(problem, List.copyOf(problem.members().keySet()));
    }
}
