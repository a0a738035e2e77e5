package io.multistatus.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SelfSignedCertificateTest {
    @Test
    void itIsForTheLocalHostByEachOfItsNames() throws Exception {
        SelfSignedCertificate made = SelfSignedCertificate.create(Path.of(System.getProperty("java.home")));

        X509Certificate certificate = (X509Certificate) made.keys().getCertificate("demo");
        assertThat(certificate.getSubjectAlternativeNames())
                .extracting(name -> name.get(1).toString())
                .containsExactly("localhost", "127.0.0.1", "0:0:0:0:0:0:0:1");
        assertThat(made.context().getProtocol()).isEqualTo("TLS");
    }

    @Test
    void whereThereIsNoKeytoolThatIsSaid(@TempDir Path empty) {
        assertThatIOException()
                .isThrownBy(() -> SelfSignedCertificate.create(empty))
                .withMessageStartingWith(
                        "no certificate for --tls: " + empty.resolve("bin/keytool") + " cannot be run");
    }
}
