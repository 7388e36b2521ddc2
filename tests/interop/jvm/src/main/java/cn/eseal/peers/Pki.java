package cn.eseal.peers;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CRLConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An invented root with a signer and a timestamp authority below it, P-256 all of them, made anew for every process. */
final class Pki {
    /** One who has a key, and a certificate for it. */
    record Holder(PrivateKey key, X509Certificate certificate) {}

    private static final Duration LASTS = Duration.ofDays(300);

    private final KeyPair rootKeys;
    private final Instant now = Instant.now();

    final X509Certificate root;
    final Holder signer;
    final Holder timestamper;
    /** The root's revocation list, DER; nobody is on it. */
    final byte[] crl;

    Pki() throws GeneralSecurityException, OperatorCreationException, java.io.IOException {
        rootKeys = newKeys();
        root = issue("eseal peers test root", rootKeys, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign), null);
        KeyPair keys = newKeys();
        KeyUsage toSign = new KeyUsage(KeyUsage.nonRepudiation);
        signer = new Holder(keys.getPrivate(), issue("Test Person B", keys, toSign, null));
        keys = newKeys();
        ExtendedKeyUsage toStamp = new ExtendedKeyUsage(KeyPurposeId.id_kp_timeStamping);
        KeyUsage toSignTokens = new KeyUsage(KeyUsage.digitalSignature);
        timestamper = new Holder(keys.getPrivate(), issue("eseal peers test TSA", keys, toSignTokens, toStamp));
        crl = revocationList();
    }

    List<X509Certificate> chain(Holder holder) {
        return List.of(holder.certificate(), root);
    }

    private static KeyPair newKeys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private ContentSigner rootSigns() throws OperatorCreationException {
        return new JcaContentSignerBuilder("SHA256withECDSA").build(rootKeys.getPrivate());
    }

    private X509Certificate issue(String name, KeyPair keys, KeyUsage usage, ExtendedKeyUsage purpose)
            throws GeneralSecurityException, OperatorCreationException, CertIOException {
        X500Name issuer = new X500Name("CN=eseal peers test root");
        Date from = Date.from(now.minus(Duration.ofHours(1)));
        Date until = Date.from(now.plus(LASTS));
        BigInteger serial = new BigInteger(126, new java.security.SecureRandom()).setBit(126);
        boolean isRoot = keys == rootKeys;
        JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                issuer, serial, from, until, new X500Name("CN=" + name), keys.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(isRoot));
        builder.addExtension(Extension.keyUsage, true, usage);
        builder.addExtension(
                Extension.subjectKeyIdentifier, false, identifiers.createSubjectKeyIdentifier(keys.getPublic()));
        builder.addExtension(
                Extension.authorityKeyIdentifier,
                false,
                identifiers.createAuthorityKeyIdentifier(rootKeys.getPublic()));
        if (purpose != null) {
            builder.addExtension(Extension.extendedKeyUsage, true, purpose);
        }
        return new JcaX509CertificateConverter().getCertificate(builder.build(rootSigns()));
    }

    private byte[] revocationList() throws GeneralSecurityException, OperatorCreationException, CertIOException {
        JcaX509v2CRLBuilder builder = new JcaX509v2CRLBuilder(root, Date.from(now.minus(Duration.ofMinutes(1))));
        builder.setNextUpdate(Date.from(now.plus(Duration.ofDays(7))));
        builder.addExtension(
                Extension.authorityKeyIdentifier,
                false,
                new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(rootKeys.getPublic()));
        return new JcaX509CRLConverter().getCRL(builder.build(rootSigns())).getEncoded();
    }

    /** The one of this process. */
    static Pki own() throws GeneralSecurityException, OperatorCreationException, java.io.IOException {
        synchronized (Pki.class) {
            if (own == null) {
                own = new Pki();
            }
            return own;
        }
    }

    private static Pki own;
}
