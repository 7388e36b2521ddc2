package cn.eseal.peers;

import cn.eseal.peers.Answer.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.cos.COSBase;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.PDSignature;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.CMSSignerDigestMismatchException;
import org.bouncycastle.cms.SignerId;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.SignerInformationVerifier;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.tsp.TSPException;
import org.bouncycastle.tsp.TimeStampToken;

/**
 * PDFBox finds the signatures and the bytes that they cover; Bouncy Castle judges the CMS, and the JDK the chain. PDFBox has no
 * verifier of its own: this is what its examples do.
 */
final class PdfBoxJudge {
    private PdfBoxJudge() {}

    static Answer judge(Job job) throws IOException, GeneralSecurityException, OperatorCreationException {
        byte[] file = Files.readAllBytes(Path.of(job.file()));
        List<X509Certificate> anchors = Pem.certificates(job.trust());
        List<String> said = new ArrayList<>();
        Set<COSBase> seen = new HashSet<>();
        Verdict verdict = Verdict.ACCEPTED;
        boolean whole = false;
        try (PDDocument document = Loader.loadPDF(file)) {
            for (PDSignature signature : document.getSignatureDictionaries()) {
                // Several fields may show the same signature.
                if (!seen.add(signature.getCOSObject())) {
                    continue;
                }
                Verdict one = judge(signature, file, anchors);
                said.add(signature.getSubFilter() + " " + one);
                whole |= coversAll(signature, file.length);
                if (verdict == Verdict.ACCEPTED || one == Verdict.CHANGED) {
                    verdict = one;
                }
            }
        }
        if (seen.isEmpty()) {
            return Answer.of(Verdict.UNSIGNED, "");
        }
        if (verdict == Verdict.ACCEPTED && !whole) {
            verdict = Verdict.PARTIAL;
        }
        return Answer.of(verdict, String.join("; ", said));
    }

    private static boolean coversAll(PDSignature signature, int length) {
        int[] range = signature.getByteRange();
        return range.length == 4 && range[0] == 0 && range[2] + range[3] == length;
    }

    private static Verdict judge(PDSignature signature, byte[] file, List<X509Certificate> anchors)
            throws IOException, GeneralSecurityException, OperatorCreationException {
        byte[] covered = signature.getSignedContent(file);
        byte[] contents = signature.getContents(file);
        try {
            if ("ETSI.RFC3161".equals(signature.getSubFilter())) {
                return judgeTimestamp(new CMSSignedData(contents), covered, anchors);
            }
            CMSSignedData cms = new CMSSignedData(new CMSProcessableByteArray(covered), contents);
            for (SignerInformation signer : cms.getSignerInfos()) {
                X509CertificateHolder holder = one(cms, signer.getSID());
                if (!signer.verify(verifier(holder))) {
                    return Verdict.CHANGED;
                }
                if (!leadsTo(anchors, holder, cms)) {
                    return Verdict.UNTRUSTED;
                }
            }
            return cms.getSignerInfos().size() == 1 ? Verdict.ACCEPTED : Verdict.REFUSED;
        } catch (CMSSignerDigestMismatchException mismatch) {
            return Verdict.CHANGED;
        } catch (CMSException | TSPException malformed) {
            return Verdict.REFUSED;
        }
    }

    private static Verdict judgeTimestamp(CMSSignedData cms, byte[] covered, List<X509Certificate> anchors)
            throws CMSException, TSPException, IOException, GeneralSecurityException, OperatorCreationException {
        TimeStampToken token = new TimeStampToken(cms);
        String algorithm = token.getTimeStampInfo().getMessageImprintAlgOID().getId();
        byte[] digest = MessageDigest.getInstance(algorithm).digest(covered);
        if (!MessageDigest.isEqual(digest, token.getTimeStampInfo().getMessageImprintDigest())) {
            return Verdict.CHANGED;
        }
        X509CertificateHolder holder = one(cms, token.getSID());
        token.validate(verifier(holder));
        return leadsTo(anchors, holder, cms) ? Verdict.ACCEPTED : Verdict.UNTRUSTED;
    }

    private static SignerInformationVerifier verifier(X509CertificateHolder holder)
            throws OperatorCreationException, GeneralSecurityException {
        return new JcaSimpleSignerInfoVerifierBuilder().build(holder);
    }

    private static X509CertificateHolder one(CMSSignedData cms, SignerId who) throws CMSException {
        List<X509CertificateHolder> found =
                cms.getCertificates().getMatches(null).stream().filter(who::match).toList();
        if (found.size() != 1) {
            throw new CMSException(found.size() + " certificates of the signer");
        }
        return found.get(0);
    }

    private static boolean leadsTo(List<X509Certificate> anchors, X509CertificateHolder leaf, CMSSignedData cms)
            throws GeneralSecurityException {
        JcaX509CertificateConverter converter = new JcaX509CertificateConverter();
        List<X509Certificate> known = new ArrayList<>();
        for (X509CertificateHolder holder : cms.getCertificates().getMatches(null)) {
            known.add(converter.getCertificate(holder));
        }
        X509CertSelector target = new X509CertSelector();
        target.setCertificate(converter.getCertificate(leaf));
        Set<TrustAnchor> trusted = new HashSet<>();
        anchors.forEach(anchor -> trusted.add(new TrustAnchor(anchor, null)));
        PKIXBuilderParameters parameters = new PKIXBuilderParameters(trusted, target);
        parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(known)));
        parameters.setRevocationEnabled(false);
        try {
            CertPathBuilder.getInstance("PKIX").build(parameters);
            return true;
        } catch (java.security.cert.CertPathBuilderException noPath) {
            return false;
        }
    }
}
