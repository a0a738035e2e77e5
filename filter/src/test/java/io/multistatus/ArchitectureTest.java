package io.multistatus;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.NullMarked;

/** Dependencies point one way, containers stay in their packages, and little is public. */
@AnalyzeClasses(packages = "io.multistatus", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String ROOT = "io.multistatus";

    @ArchTest
    static final ArchRule THE_MODEL_KNOWS_NOBODY = knowsOnly("model");

    @ArchTest
    static final ArchRule FORMATS_KNOW_THE_MODEL = knowsOnly("format..", "model", "content");

    @ArchTest
    static final ArchRule CONTENT_KNOWS_MEDIA_TYPES = knowsOnly("content", "format");

    @ArchTest
    static final ArchRule REFERENCES_KNOW_NO_PLAN_AND_NO_FORMAT =
            knowsOnly("reference", "model", "wire", "content", "format");

    @ArchTest
    static final ArchRule NO_FORMAT_IS_KNOWN_TO_THE_INTERFACE = knowsOnly("format", "model");

    @ArchTest
    static final ArchRule THE_WIRE_KNOWS_THE_MODEL = knowsOnly("wire", "model");

    @ArchTest
    static final ArchRule TRANSACTIONS_KNOW_NOBODY = knowsOnly("transaction");

    @ArchTest
    static final ArchRule IDEMPOTENCY_KNOWS_NO_BATCHES =
            knowsOnly("idempotency", "model", "wire", "transaction", "jdbc");

    @ArchTest
    static final ArchRule DATABASES_KNOW_TRANSACTIONS = knowsOnly("jdbc", "transaction");

    @ArchTest
    static final ArchRule JOBS_KNOW_NO_CONTAINER =
            knowsOnly("job", "model", "event", "format", "execution", "reference", "wire", "transaction", "jdbc");

    @ArchTest
    static final ArchRule EVENTS_KNOW_THE_MODEL = knowsOnly("event", "model");

    @ArchTest
    static final ArchRule METRICS_KNOW_EVENTS = knowsOnly("micrometer", "event", "model");

    @ArchTest
    static final ArchRule TRACES_KNOW_EVENTS = knowsOnly("opentelemetry", "event", "model");

    @ArchTest
    static final ArchRule DISPATCH_KNOWS_THE_MODEL = knowsOnly("dispatch", "model");

    @ArchTest
    static final ArchRule CONTAINERS_KNOW_DISPATCH_AND_THE_MODEL = knowsOnly("dispatch.*", "dispatch", "model");

    @ArchTest
    static final ArchRule EXECUTION_KNOWS_NO_FORMAT_AND_NO_CONTAINER =
            knowsOnly("execution", "model", "reference", "transaction", "wire", "dispatch", "event");

    @ArchTest
    static final ArchRule SPRING_KNOWS_WHAT_USERS_CONFIGURE = noClasses()
            .that()
            .resideInAPackage(ROOT + ".spring")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ROOT + ".model", ROOT + ".format..", ROOT + ".wire", ROOT + ".dispatch..");

    @ArchTest
    static final ArchRule THERE_ARE_NO_CYCLES =
            slices().matching(ROOT + ".(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule JETTY_STAYS_IN_ITS_PACKAGE = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".dispatch.jetty")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.eclipse.jetty..");

    @ArchTest
    static final ArchRule UNDERTOW_STAYS_IN_ITS_PACKAGE = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".dispatch.undertow")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.undertow..", "org.xnio..");

    @ArchTest
    static final ArchRule TOMCAT_STAYS_IN_ITS_PACKAGE = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".dispatch.tomcat")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.apache.catalina..", "org.apache.coyote..", "org.apache.tomcat..", "org.apache.juli..");

    @ArchTest
    static final ArchRule SPRING_STAYS_IN_ITS_PACKAGE = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".spring")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework..", ROOT + ".spring");

    @ArchTest
    static final ArchRule MICROMETER_STAYS_IN_ITS_PACKAGE = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT + ".micrometer", ROOT + ".spring")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.micrometer..", ROOT + ".micrometer");

    @ArchTest
    static final ArchRule OPENTELEMETRY_STAYS_IN_ITS_PACKAGE = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT + ".opentelemetry", ROOT + ".spring")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.opentelemetry..");

    /** That class is loaded only where the API has been found. */
    @ArchTest
    static final ArchRule TRACES_ARE_REACHED_BY_ONE_WAY = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT + ".opentelemetry", ROOT + ".spring")
            .and()
            .doNotHaveFullyQualifiedName(ROOT + ".AutomaticTracing$Present")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ROOT + ".opentelemetry");

    @ArchTest
    static final ArchRule JACKSON_STAYS_WHERE_JSON_IS_WRITTEN = noClasses()
            .that()
            .resideOutsideOfPackages(
                    ROOT, ROOT + ".model", ROOT + ".content", ROOT + ".reference", ROOT + ".format.json")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.fasterxml.jackson..");

    @ArchTest
    static final ArchRule LOGS_GO_THROUGH_SLF4J = noClasses()
            .that()
            // javax.sql.DataSource has a method with such a type.
            .resideOutsideOfPackage(ROOT + ".transaction")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.util.logging..");

    @ArchTest
    static final ArchRule NOTHING_IS_PRINTED = noClasses()
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .orShould()
            .callMethod(Throwable.class, "printStackTrace");

    @ArchTest
    static final ArchRule THE_COMMON_POOL_IS_NOT_OURS = noClasses()
            .should()
            .dependOnClassesThat()
            .haveNameMatching("java\\.util\\.concurrent\\.(ForkJoinPool|CompletableFuture)");

    @ArchTest
    static final ArchRule WHAT_IS_PUBLIC_IS_FINAL_OR_AN_INTERFACE =
            classes().that().arePublic().should().beInterfaces().orShould().haveModifier(JavaModifier.FINAL);

    @ArchTest
    static final ArchRule NAMES_ARE_THOSE_OF_THE_FIELD =
            noClasses().should().haveNameMatching(".*(Manager|Helper|Utils?|Impl|Data)");

    @ArchTest
    static void everyPackageIsNullMarked(JavaClasses all) {
        List<String> unmarked = new ArrayList<>();
        all.stream().map(JavaClass::getPackage).distinct().forEach(each -> {
            if (!each.tryGetPackageInfo()
                    .map(info -> info.isAnnotatedWith(NullMarked.class))
                    .orElse(false)) {
                unmarked.add(each.getName());
            }
        });
        assertThat(unmarked).isEmpty();
    }

    /** A rule without subjects would hold for ever. */
    @ArchTest
    static void everyPackageIsOneOfThoseThatTheRulesSpeakOf(JavaClasses all) {
        assertThat(all.stream().map(JavaClass::getPackageName).distinct())
                .allMatch(
                        name -> name.matches(
                                "io\\.multistatus(\\.(model|content|reference|transaction|jdbc|idempotency|job|micrometer|opentelemetry|format(\\.\\w+)?|wire|event|execution|spring|dispatch(\\.\\w+)?))?"));
    }

    private static ArchRule knowsOnly(String subject, String... known) {
        String[] packages = Arrays.stream(known).map(name -> ROOT + "." + name).toArray(String[]::new);
        DescribedPredicate<JavaClass> ours = resideInAPackage(ROOT + "..");
        DescribedPredicate<JavaClass> allowed = resideInAPackage(ROOT + "." + subject);
        for (String each : packages) {
            allowed = allowed.or(resideInAPackage(each));
        }
        return noClasses()
                .that()
                .resideInAPackage(ROOT + "." + subject)
                .should()
                .dependOnClassesThat(ours.and(DescribedPredicate.not(allowed)))
                .as(subject + " knows only " + List.of(known));
    }
}
