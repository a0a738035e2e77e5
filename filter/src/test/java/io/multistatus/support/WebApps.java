package io.multistatus.support;

import static io.multistatus.support.Envelopes.gets;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/** Web apps that know nothing of the filter but have its packaged jar in WEB-INF/lib. */
public final class WebApps {
    private WebApps() {}

    /** Makes {@code folder} the unpacked WAR of one that has a file {@code hello.json}. */
    public static void withTheJarIn(Path folder) throws IOException, URISyntaxException {
        withTheJarIn(folder, Path.of(System.getProperty("multistatus.jar")));
    }

    /** The same with that build of the jar. */
    public static void withTheJarIn(Path folder, Path multistatusJar) throws IOException, URISyntaxException {
        Path lib = Files.createDirectories(folder.resolve("WEB-INF/lib"));
        Files.copy(multistatusJar, lib.resolve("multistatus-filter.jar"));
        for (Class<?> dependency :
                new Class<?>[] {ObjectMapper.class, JsonFactory.class, JsonProperty.class, LoggerFactory.class}) {
            Path jar = Path.of(dependency
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            Files.copy(jar, lib.resolve(jar.getFileName()));
        }
        Files.writeString(folder.resolve("hello.json"), "{\"hello\":true}");
    }

    /** Posts a batch of two items, that file and one that is not there, to the app at {@code /shop}. */
    public static HttpResponse<String> postBatch(int port) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/shop/batch"))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(gets("/shop/hello.json", "/shop/missing")))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }
}
