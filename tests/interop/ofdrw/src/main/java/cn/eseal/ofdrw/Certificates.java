package cn.eseal.ofdrw;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;

/** Certificates in DER or PEM. */
final class Certificates {
    private Certificates() {}

    static X509Certificate read(byte[] bytes) throws GeneralSecurityException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509", Pki.PROVIDER);
        return (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(bytes));
    }
}
