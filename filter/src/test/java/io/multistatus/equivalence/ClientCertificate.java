package io.multistatus.equivalence;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** A client's self-signed certificate, made anew in each test run; the hosts ask for it and trust no other. */
final class ClientCertificate {
    static final String COMMON_NAME = "joe";

    private static final KeyStore KEY_STORE = create();

    private ClientCertificate() {}

    /** A client's context that trusts {@link TestCertificate} and shows this certificate. */
    static SSLContext context() {
        try {
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(KEY_STORE, TestCertificate.PASSWORD.toCharArray());
            return TestCertificate.trustingContext(keys.getKeyManagers());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot use the client's certificate", e);
        }
    }

    /** A store, in memory, that trusts this certificate. */
    static KeyStore trustStore() {
        try {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("client", KEY_STORE.getCertificate("client"));
            return trusted;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("cannot trust the client's certificate", e);
        }
    }

    static TrustManager[] trustManagers() {
        try {
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trustStore());
            return trust.getTrustManagers();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot trust the client's certificate", e);
        }
    }

    private static KeyStore create() {
        try {
            Path directory = Files.createTempDirectory("client-certificate");
            Path file = directory.resolve("client.p12");
            try {
                TestCertificate.makeKeyStore(file, "client", COMMON_NAME);
                return KeyStore.getInstance(file.toFile(), TestCertificate.PASSWORD.toCharArray());
            } finally {
                Files.deleteIfExists(file);
                Files.delete(directory);
            }
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the client's certificate cannot be made", e);
        }
    }
}
