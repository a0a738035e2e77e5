package io.multistatus.equivalence.app;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpUpgradeHandler;
import jakarta.servlet.http.WebConnection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The ways to write a body: long, slow, in pieces, with and without a length, and past the end. */
final class StreamHandlers {
    private StreamHandlers() {}

    static void addTo(Routes routes) {
        routes.add("/stream/large", StreamHandlers::large);
        routes.add("/stream/slow", StreamHandlers::slow);
        routes.add("/stream/chunks", (request, response) -> {
            response.setContentType("text/plain");
            for (int i = 0; i < 20; i++) {
                response.getOutputStream().print("piece " + i + "\n");
                response.flushBuffer();
            }
        });
        routes.add("/stream/exact-length", (request, response) -> {
            response.setContentType("application/octet-stream");
            response.setContentLengthLong(5L);
            response.getOutputStream().write(new byte[] {0, 1, 2, (byte) 0xfe, (byte) 0xff});
        });
        routes.add("/stream/length-too-long", (request, response) -> {
            response.setContentType("text/plain");
            response.setContentLength(100);
            response.getOutputStream().print("not a hundred bytes");
        });
        routes.add("/stream/length-too-long-flushed", (request, response) -> {
            response.setContentType("text/plain");
            response.setContentLength(100);
            response.getOutputStream().print("not a hundred bytes");
            response.flushBuffer();
        });
        routes.add("/stream/length-too-short", (request, response) -> {
            response.setContentType("text/plain");
            response.setContentLength(4);
            response.getOutputStream().write(ascii("more than four bytes"));
        });
        routes.add("/stream/length-by-header", (request, response) -> {
            response.setContentType("text/plain");
            response.setHeader("Content-Length", "6");
            response.getOutputStream().write(ascii("six by"));
        });
        routes.add("/stream/closed-early", (request, response) -> {
            response.setContentType("text/plain");
            ServletOutputStream out = response.getOutputStream();
            out.print("before the end");
            out.close();
            out.print(" and after it");
        });
        routes.add("/stream/writer-closed-early", (request, response) -> {
            response.setContentType("text/plain");
            response.getWriter().print("before the end");
            response.getWriter().close();
            response.getWriter().print(" and after it");
            response.setStatus(500);
        });
        routes.add("/stream/both-ways", (request, response) -> {
            response.getOutputStream().print("as a stream");
            response.getWriter().print("as a writer");
        });
        routes.add("/stream/trailers", (request, response) -> {
            response.setContentType("text/plain");
            response.setHeader("Trailer", "X-Checksum");
            response.setTrailerFields(() -> Map.of("X-Checksum", "abc"));
            response.getOutputStream().print("with trailers");
            response.flushBuffer();
        });
        routes.add("/stream/small-buffer", (request, response) -> {
            response.setBufferSize(16);
            response.setContentType("text/plain");
            response.getWriter()
                    .print("longer than a buffer of sixteen bytes, though the container may have a larger one");
        });
        routes.add("/stream/body-with-204", (request, response) -> {
            response.setStatus(204);
            response.getOutputStream().print("nobody reads this");
        });
        routes.add("/stream/upgrade", (request, response) -> {
            request.upgrade(IdleUpgrade.class);
            response.getWriter().print("upgraded");
        });
    }

    /** 2 MiB, flushed now and then. */
    private static void large(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("application/octet-stream");
        byte[] block = new byte[64 * 1024];
        for (int i = 0; i < 32; i++) {
            Arrays.fill(block, (byte) i);
            response.getOutputStream().write(block);
            if (i % 8 == 0) {
                response.flushBuffer();
            }
        }
    }

    /** Five pieces with pauses, as from a slow back end. */
    private static void slow(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("text/plain");
        for (int i = 0; i < 5; i++) {
            response.getWriter().print("slow " + i + "\n");
            response.flushBuffer();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Never comes to life: nobody may ask an item for an upgrade. */
    public static final class IdleUpgrade implements HttpUpgradeHandler {
        @Override
        public void init(WebConnection connection) {}

        @Override
        public void destroy() {}
    }
}
