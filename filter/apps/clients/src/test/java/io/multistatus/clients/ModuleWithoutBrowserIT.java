package io.multistatus.clients;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The browser module without a browser: its logic, and its types. */
class ModuleWithoutBrowserIT {
    private static final NodeTests LOGIC = new NodeTests("module", 120);
    private static final NodeTests TYPES = new NodeTests("browser", 180);
    private static final Path MODULE = Path.of(System.getProperty("module.source"));

    @BeforeAll
    static void checkNode() throws Exception {
        LOGIC.assumeRunnable("The logic of the browser module", "MULTISTATUS_REQUIRE_NODE");
    }

    static List<String> subjects() throws IOException {
        return LOGIC.subjects();
    }

    @ParameterizedTest
    @MethodSource("subjects")
    void itsLogicIsRight(String subject) throws Exception {
        LOGIC.runInPlace(subject).expectAllPassed(subject);
    }

    @Test
    void itsTypesAreRight() throws Exception {
        TYPES.install();
        // As npm would install it.
        NodeTests.copy(MODULE, Files.createDirectories(TYPES.folder().resolve("node_modules/multistatus")));

        TYPES.command("types", "node", "node_modules/typescript/bin/tsc", "--project", "tsconfig.json")
                .expectSuccess();
    }
}
