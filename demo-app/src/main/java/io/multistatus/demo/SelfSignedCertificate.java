package io.multistatus.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A key and a certificate for {@code localhost}, {@code 127.0.0.1} and {@code ::1} that nobody trusts, made by the JDK's keytool for one
 * run; nothing of it is left on the disk.
 *
 * @param keys a store with nothing else in it
 * @param password of the store and of the key
 */
record SelfSignedCertificate(KeyStore keys, String password) {
    private static final long KEYTOOL_SECONDS = 60;

    /**
     * Makes one.
     *
     * @param javaHome the folder of the JDK whose keytool it is
     * @throws IOException with a message for the user if that is not possible here
     */
    static SelfSignedCertificate create(Path javaHome) throws IOException {
        Path folder = Files.createTempDirectory("multistatus-demo-");
        Path store = folder.resolve("keys.p12");
        String password = UUID.randomUUID().toString();
        try {
            runKeytool(javaHome.resolve("bin").resolve("keytool"), store, password);
            return new SelfSignedCertificate(KeyStore.getInstance(store.toFile(), password.toCharArray()), password);
        } catch (GeneralSecurityException e) {
            throw new IOException("no certificate for --tls: what keytool has made cannot be read", e);
        } finally {
            Files.deleteIfExists(store);
            Files.delete(folder);
        }
    }

    private static void runKeytool(Path keytool, Path store, String password) throws IOException {
        Process process;
        try {
            process = new ProcessBuilder(
                            keytool.toString(),
                            "-genkeypair",
                            "-alias",
                            "demo",
                            "-keyalg",
                            "EC",
                            "-groupname",
                            "secp256r1",
                            "-validity",
                            "30",
                            "-dname",
                            "CN=localhost",
                            "-ext",
                            "san=dns:localhost,ip:127.0.0.1,ip:::1",
                            "-storetype",
                            "PKCS12",
                            "-storepass",
                            password,
                            "-keystore",
                            store.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new IOException(
                    "no certificate for --tls: " + keytool + " cannot be run; a full JDK has it (" + e.getMessage()
                            + ")",
                    e);
        }
        try {
            if (!process.waitFor(KEYTOOL_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("no certificate for --tls: " + keytool + " has not ended in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + keytool + " ran", e);
        } finally {
            process.destroyForcibly();
        }
        if (process.exitValue() != 0) {
            throw new IOException("no certificate for --tls: " + keytool + " has failed (" + process.exitValue() + ")");
        }
    }

    /** A server's context that shows it. */
    SSLContext context() throws IOException {
        try {
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(keys, password.toCharArray());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(factory.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("no TLS with the certificate that was made for it", e);
        }
    }
}
