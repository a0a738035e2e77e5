package io.multistatus;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/** The library of JSON that an app brings along: run with the newest one, and once more with the oldest. */
class JacksonRangeIT {

    @Test
    void theVersionIsTheOneThatIsToBeTested() {
        assertThat(new ObjectMapper().version()).hasToString(System.getProperty("jackson.version"));
        assertThat(new ObjectMapper().getFactory().version()).hasToString(System.getProperty("jackson.version"));
    }

    /** Tests do not come by everything. */
    @Test
    void allThatTheFilterCallsIsThere() throws IOException {
        List<JavaAccess<?>> calls = new ArrayList<>();
        try (JarFile jar = new JarFile(System.getProperty("multistatus.jar"))) {
            for (JavaClass each : new ClassFileImporter().importJar(jar)) {
                each.getAccessesFromSelf().stream()
                        .filter(access -> access.getTargetOwner().getName().startsWith("com.fasterxml.jackson."))
                        .forEach(calls::add);
            }
        }

        assertThat(calls).hasSizeGreaterThan(100);
        assertThat(calls)
                .filteredOn(call -> call.getTarget().resolveMember().isEmpty())
                .isEmpty();
    }
}
