package cn.eseal.ofdrw;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An invented root with a seal maker and a signer below it, SM2 all of them, made by Bouncy Castle anew for every process. */
final class Pki {
    /** One who has a key, and a certificate for it. */
    record Holder(PrivateKey key, X509Certificate certificate) {}

    static final Provider PROVIDER = new BouncyCastleProvider();
    static final String ALGORITHM = "SM3withSM2";

    private static final String ROOT = "eseal ofdrw test root";

    private final KeyPair rootKeys = newKeys();
    private final Instant now = Instant.now();

    final X509Certificate root;
    final Holder maker;
    final Holder signer;

    Pki() throws GeneralSecurityException, OperatorCreationException, IOException {
        root = issue(ROOT, rootKeys, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        maker = holder("eseal ofdrw test seal maker");
        signer = holder("Test Person B");
    }

    private Holder holder(String name) throws GeneralSecurityException, OperatorCreationException, IOException {
        KeyPair keys = newKeys();
        KeyUsage toSign = new KeyUsage(KeyUsage.digitalSignature | KeyUsage.nonRepudiation);
        return new Holder(keys.getPrivate(), issue(name, keys, toSign));
    }

    private static KeyPair newKeys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", PROVIDER);
        generator.initialize(new ECGenParameterSpec("sm2p256v1"));
        return generator.generateKeyPair();
    }

    private X509Certificate issue(String name, KeyPair keys, KeyUsage usage)
            throws GeneralSecurityException, OperatorCreationException, IOException {
        Date from = Date.from(now.minus(Duration.ofHours(1)));
        Date until = Date.from(now.plus(Duration.ofDays(300)));
        BigInteger serial = new BigInteger(126, new SecureRandom()).setBit(126);
        JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                new X500Name("CN=" + ROOT), serial, from, until, new X500Name("CN=" + name), keys.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(keys == rootKeys));
        builder.addExtension(Extension.keyUsage, true, usage);
        builder.addExtension(
                Extension.subjectKeyIdentifier, false, identifiers.createSubjectKeyIdentifier(keys.getPublic()));
        builder.addExtension(
                Extension.authorityKeyIdentifier,
                false,
                identifiers.createAuthorityKeyIdentifier(rootKeys.getPublic()));
        ContentSigner rootSigns =
                new JcaContentSignerBuilder(ALGORITHM).setProvider(PROVIDER).build(rootKeys.getPrivate());
        return new JcaX509CertificateConverter().setProvider(PROVIDER).getCertificate(builder.build(rootSigns));
    }

    static void write(X509Certificate certificate, String file) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(certificate);
        }
        Files.writeString(Path.of(file), text.toString());
    }
}
