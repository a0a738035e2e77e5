package io.multistatus.equivalence;

import io.multistatus.support.TempDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A self-signed certificate for 127.0.0.1, made anew by the JDK's keytool in each test run. */
public final class TestCertificate {
    public static final String PASSWORD = "changeit";

    private static final Path KEY_STORE = create();

    private TestCertificate() {}

    /** A PKCS12 file with the key and the certificate. */
    public static Path keyStore() {
        return KEY_STORE;
    }

    /** A server's context that has this certificate. */
    public static SSLContext serverContext() {
        try {
            char[] password = PASSWORD.toCharArray();
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(KeyStore.getInstance(KEY_STORE.toFile(), password), password);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), ClientCertificate.trustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("cannot use " + KEY_STORE, e);
        }
    }

    /** A client's context that trusts this certificate and no other, and has none of its own. */
    public static SSLContext trustingContext() {
        return trustingContext(null);
    }

    /** The same, with {@code keys} to show. */
    static SSLContext trustingContext(KeyManager[] keys) {
        try {
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            KeyStore store = KeyStore.getInstance(KEY_STORE.toFile(), PASSWORD.toCharArray());
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("host", store.getCertificate("host"));
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("cannot trust " + KEY_STORE, e);
        }
    }

    private static Path create() {
        try {
            Path file = TempDirectory.create().path().resolve("host.p12");
            makeKeyStore(file, "host", "127.0.0.1");
            return file;
        } catch (IOException e) {
            throw new IllegalStateException("the directory for a certificate cannot be made", e);
        }
    }

    /** Makes a PKCS12 file with a key for {@code commonName} and its self-signed certificate. */
    static void makeKeyStore(Path file, String alias, String commonName) {
        try {
            Process keytool = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "keytool")
                                    .toString(),
                            "-genkeypair",
                            "-alias",
                            alias,
                            "-keyalg",
                            "EC",
                            "-validity",
                            "2",
                            "-dname",
                            "CN=" + commonName,
                            "-ext",
                            "san=ip:127.0.0.1",
                            "-storetype",
                            "PKCS12",
                            "-storepass",
                            PASSWORD,
                            "-keystore",
                            file.toString())
                    .inheritIO()
                    .start();
            if (!keytool.waitFor(30, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
                throw new IllegalStateException("keytool made no certificate in " + file);
            }
        } catch (IOException e) {
            throw new IllegalStateException("keytool cannot be run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while keytool ran", e);
        }
    }
}
