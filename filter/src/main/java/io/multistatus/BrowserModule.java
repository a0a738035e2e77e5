package io.multistatus;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * What pages load to batch their calls: {@code /multistatus/batch.js} within the context, what it loads itself when it is
 * needed, and their source maps and types, as they are in this jar. Thread-safe.
 */
final class BrowserModule {
    private static final String FOLDER = "/multistatus/";
    private static final String IN_JAR = "/META-INF/resources";

    private static final String MAP = ".map";
    private static final String JAVASCRIPT = "text/javascript;charset=utf-8";

    private static final Map<String, String> CONTENT_TYPES = Map.of(
            "batch.js", JAVASCRIPT,
            "batch.js.map", "application/json",
            "batches.js", JAVASCRIPT,
            "batches.js.map", "application/json",
            // Not what .ts stands for elsewhere, which is video; and browsers show it.
            "batch.d.ts", "text/plain;charset=utf-8");

    /**
     * The path has no version, so a page may get what it has got before the last upgrade, but not for long. To ask each time
     * would cost each page a round trip before its first call.
     */
    private static final String CACHE_CONTROL = "max-age=600";

    /** A weight (RFC 9110, section 12.4.2) that is more than 0. */
    private static final Pattern SOME_WEIGHT = Pattern.compile("0?\\.\\d*[1-9]\\d*|1(\\.0*)?");

    /** The content types of what is served, by path. */
    private final Map<String, String> types;

    /** What somebody has asked for, by path: what nobody wants need not be compressed while the app starts. */
    private final Map<String, PackagedFile> files = new ConcurrentHashMap<>();

    private BrowserModule(Map<String, String> types) {
        this.types = types;
    }

    /**
     * That of this jar.
     *
     * @throws IllegalStateException if what has repackaged the jar has left something out
     */
    static BrowserModule packaged() {
        Map<String, String> types = new HashMap<>();
        CONTENT_TYPES.forEach((name, type) -> {
            if (BrowserModule.class.getResource(IN_JAR + FOLDER + name) == null) {
                throw new IllegalStateException("The jar of the batch filter lacks " + IN_JAR + FOLDER + name
                        + ". What has repackaged it has to keep that, or module has to be false");
            }
            types.put(FOLDER + name, type);
        });
        return new BrowserModule(types);
    }

    /** None: every path is left to the app. */
    static BrowserModule none() {
        return new BrowserModule(Map.of());
    }

    /** Whether a request with that method for that path, within the context, is answered here. */
    boolean answers(String method, String path) {
        return types.containsKey(path) && (method.equals("GET") || method.equals("HEAD"));
    }

    /** Answers such a request. */
    void serve(String path, HttpServletRequest request, HttpServletResponse response) throws IOException {
        PackagedFile file = files.computeIfAbsent(path, PackagedFile::read);
        boolean gzip = acceptsGzip(all(request, "Accept-Encoding"));
        Representation chosen = gzip ? file.gzip() : file.plain();
        response.setHeader("ETag", chosen.etag());
        response.setHeader("Cache-Control", CACHE_CONTROL);
        // Those in front may have said something too.
        response.addHeader("Vary", "Accept-Encoding");
        response.setHeader("X-Content-Type-Options", "nosniff");
        if (types.containsKey(path + MAP)) {
            // As a field it costs those nothing who have no developer tools open; a URL relative to this one.
            response.setHeader("SourceMap", path.substring(FOLDER.length()) + MAP);
        }
        if (isKnown(chosen.etag(), all(request, "If-None-Match"))) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return;
        }
        response.setContentType(types.get(path));
        response.setContentLength(chosen.bytes().length);
        if (gzip) {
            response.setHeader("Content-Encoding", "gzip");
        }
        if (!request.getMethod().equals("HEAD")) {
            response.getOutputStream().write(chosen.bytes());
        }
    }

    private static List<String> all(HttpServletRequest request, String name) {
        List<String> elements = new ArrayList<>();
        for (String value : Collections.list(request.getHeaders(name))) {
            for (String element : value.split(",", -1)) {
                elements.add(element.strip());
            }
        }
        return elements;
    }

    /** Whether gzip is acceptable by these elements of {@code Accept-Encoding}: what names it counts more than {@code *}. */
    static boolean acceptsGzip(List<String> elements) {
        boolean byWildcard = false;
        for (String element : elements) {
            String[] parts = element.split(";", 2);
            String coding = parts[0].strip().toLowerCase(Locale.ROOT);
            if (coding.equals("gzip") || coding.equals("x-gzip")) {
                return hasWeight(parts);
            }
            if (coding.equals("*")) {
                byWildcard = hasWeight(parts);
            }
        }
        return byWildcard;
    }

    private static boolean hasWeight(String[] parts) {
        if (parts.length == 1) {
            return true;
        }
        String weight = parts[1].strip().toLowerCase(Locale.ROOT);
        return weight.startsWith("q=")
                && SOME_WEIGHT.matcher(weight.substring(2).strip()).matches();
    }

    /** By weak comparison, as {@code If-None-Match} is to be judged (RFC 9110, section 13.1.2). */
    static boolean isKnown(String etag, List<String> elements) {
        return elements.stream().anyMatch(each -> each.equals("*") || each.equals(etag) || each.equals("W/" + etag));
    }

    private record PackagedFile(Representation plain, Representation gzip) {
        static PackagedFile read(String path) {
            String resource = IN_JAR + path;
            try (InputStream in = Objects.requireNonNull(BrowserModule.class.getResourceAsStream(resource), resource)) {
                byte[] bytes = in.readAllBytes();
                return new PackagedFile(Representation.of(bytes), Representation.of(compressed(bytes)));
            } catch (IOException e) {
                throw new UncheckedIOException(resource, e);
            }
        }

        private static byte[] compressed(byte[] bytes) throws IOException {
            ByteArrayOutputStream compressed = new ByteArrayOutputStream(bytes.length / 2);
            try (GZIPOutputStream gzip = new SmallestGzip(compressed)) {
                gzip.write(bytes);
            }
            return compressed.toByteArray();
        }
    }

    private static final class SmallestGzip extends GZIPOutputStream {
        SmallestGzip(ByteArrayOutputStream out) throws IOException {
            super(out);
            def.setLevel(Deflater.BEST_COMPRESSION);
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // nobody changes the bytes
    private record Representation(byte[] bytes, String etag) {
        static Representation of(byte[] bytes) {
            try {
                byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
                String text = Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
                return new Representation(bytes, '"' + text.substring(0, 22) + '"');
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("Every Java has SHA-256", e);
            }
        }
    }
}
