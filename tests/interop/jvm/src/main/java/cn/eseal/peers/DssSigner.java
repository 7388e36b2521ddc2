package cn.eseal.peers;

import cn.eseal.peers.Answer.Verdict;
import eu.europa.esig.dss.enumerations.DigestAlgorithm;
import eu.europa.esig.dss.enumerations.SignatureAlgorithm;
import eu.europa.esig.dss.enumerations.SignatureLevel;
import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.model.SignatureValue;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.pades.PAdESSignatureParameters;
import eu.europa.esig.dss.pades.signature.PAdESService;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.spi.x509.revocation.crl.ExternalResourcesCRLSource;
import eu.europa.esig.dss.spi.x509.tsp.KeyEntityTSPSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.Signature;
import org.bouncycastle.operator.OperatorCreationException;

/** Signs with EU DSS, PAdES baseline B to LTA; its own code makes the timestamp tokens, the invented root the revocation list. */
final class DssSigner {
    private DssSigner() {}

    static Answer sign(Job job) throws IOException, GeneralSecurityException, OperatorCreationException {
        Pki pki = Pki.own();
        Pem.write(pki.root, job.trust());

        PAdESSignatureParameters parameters = new PAdESSignatureParameters();
        parameters.setSignatureLevel(SignatureLevel.valueOf("PAdES_BASELINE_" + job.level()));
        parameters.setDigestAlgorithm(DigestAlgorithm.SHA256);
        parameters.setSigningCertificate(new CertificateToken(pki.signer.certificate()));
        parameters.setCertificateChain(new CertificateToken(pki.signer.certificate()), new CertificateToken(pki.root));
        parameters.setReason("Test");

        PAdESService service = service(pki);
        DSSDocument document = new FileDocument(job.file());
        Signature key = Signature.getInstance("SHA256withECDSA");
        key.initSign(pki.signer.key());
        key.update(service.getDataToSign(document, parameters).getBytes());
        SignatureValue value = new SignatureValue(SignatureAlgorithm.ECDSA_SHA256, key.sign());
        service.signDocument(document, parameters, value).save(job.out());
        return Answer.of(Verdict.ACCEPTED, "");
    }

    private static PAdESService service(Pki pki) {
        CommonTrustedCertificateSource anchors = new CommonTrustedCertificateSource();
        anchors.addCertificate(new CertificateToken(pki.root));
        CommonCertificateVerifier verifier = new CommonCertificateVerifier();
        verifier.setTrustedCertSources(anchors);
        verifier.setCrlSource(new ExternalResourcesCRLSource(new ByteArrayInputStream(pki.crl)));
        verifier.setAIASource(null);
        PAdESService service = new PAdESService(verifier);
        KeyEntityTSPSource timestamps = new KeyEntityTSPSource(
                pki.timestamper.key(), pki.timestamper.certificate(), pki.chain(pki.timestamper));
        timestamps.setTsaPolicy("1.2.3.4");
        service.setTspSource(timestamps);
        return service;
    }
}
