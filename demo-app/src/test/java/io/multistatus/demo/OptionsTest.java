package io.multistatus.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class OptionsTest {
    private static final String RTT =
            "option '--rtt' takes 1 to 8 numbers from 1 to 10000, separated by commas, or 0 for none, not ";

    @Test
    void withoutOptionsItListensOnTheLocalHostOnly() {
        Options options = Options.parse();

        assertThat(options).isEqualTo(Options.defaults());
        assertThat(options.host()).isEqualTo("127.0.0.1");
        assertThat(options.port()).isEqualTo(8080);
        assertThat(options.container()).isEqualTo(Container.JETTY);
        assertThat(options.tls()).isFalse();
        assertThat(options.rttMillis()).containsExactly(20, 80);
        assertThat(options.itemTimeoutMillis()).isEqualTo(30_000);
    }

    @Test
    void everyOptionIsTakenWithASpaceOrAnEqualsSign() {
        Options options = Options.parse(
                "--container=tomcat",
                "--port",
                "0",
                "--host=0.0.0.0",
                "--threads",
                "12",
                "--items-per-minute=50",
                "--db=jdbc:h2:mem:x;MODE=REGULAR",
                "--tls",
                "--trace",
                "--rtt",
                "5,10000,5",
                "--timeout",
                "2000");

        assertThat(options)
                .isEqualTo(new Options(
                        Container.TOMCAT,
                        "0.0.0.0",
                        0,
                        true,
                        List.of(5, 10_000),
                        12,
                        2000,
                        50,
                        "jdbc:h2:mem:x;MODE=REGULAR",
                        true,
                        false));
    }

    @Test
    void aRoundTripOfZeroIsNoDelayAtAll() {
        assertThat(Options.parse("--rtt=0").rttMillis()).isEmpty();
        assertThat(Options.parse("--rtt", "80").rttMillis()).containsExactly(80);
    }

    @ParameterizedTest
    @EnumSource
    void everyContainerHasAName(Container container) {
        assertThat(Options.parse("--container", container.toString()).container())
                .isEqualTo(container);
        assertThat(Options.USAGE).contains(container.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--prot 80     | unknown option '--prot'",
                "80            | unknown option '80'",
                "--port        | option '--port' needs a value",
                "--port=       | option '--port' needs a value",
                "--db --help   | option '--db' needs a value",
                "--port 65536  | option '--port' takes a number from 0 to 65535, not '65536'",
                "--port -1     | option '--port' takes a number from 0 to 65535, not '-1'",
                "--threads 3   | option '--threads' takes a number from 4 to 10000, not '3'",
                "--container x | option '--container' takes one of jetty, tomcat, undertow, not 'x'",
                "--container Jetty | option '--container' takes one of jetty, tomcat, undertow, not 'Jetty'",
                "--rtt         | option '--rtt' needs a value",
                "--rtt=-1      | " + RTT + "'-1'",
                "--rtt -1      | " + RTT + "'-1'",
                "--rtt abc     | " + RTT + "'abc'",
                "--rtt 10001   | " + RTT + "'10001'",
                "--rtt 99999999999 | " + RTT + "'99999999999'",
                "--rtt 20,     | " + RTT + "'20,'",
                "--rtt 0,20    | " + RTT + "'0,20'",
                "--rtt 1,2,3,4,5,6,7,8,9 | " + RTT + "'1,2,3,4,5,6,7,8,9'",
                "--timeout 9   | option '--timeout' takes a number from 10 to 3600000, not '9'",
                "--tls=yes     | option '--tls' takes no value",
                "--tls yes     | unknown option 'yes'",
                "--items-per-minute -1 | option '--items-per-minute' takes a number from 0 to 1000000, not '-1'",
                "--threads two | option '--threads' takes a number from 4 to 10000, not 'two'",
            })
    void aBadCommandLineIsRefusedWithItsCulprit(String commandLine, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse(commandLine.split(" ", -1)))
                .withMessage(message);
    }

    @Test
    void theUsageTellsOfEveryOption() {
        assertThat(Options.USAGE)
                .contains(
                        "--container",
                        "--port",
                        "--host",
                        "--tls",
                        "--rtt",
                        "--threads",
                        "--timeout",
                        "--items-per-minute",
                        "--db",
                        "--help");
    }
}
