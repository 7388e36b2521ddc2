package cn.eseal.peers;

import cn.eseal.peers.Answer.Verdict;
import eu.europa.esig.dss.diagnostic.DiagnosticData;
import eu.europa.esig.dss.diagnostic.SignatureWrapper;
import eu.europa.esig.dss.enumerations.Indication;
import eu.europa.esig.dss.enumerations.Level;
import eu.europa.esig.dss.enumerations.SignatureScopeType;
import eu.europa.esig.dss.enumerations.SubIndication;
import eu.europa.esig.dss.jaxb.object.Message;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.policy.EtsiValidationPolicy;
import eu.europa.esig.dss.policy.ValidationPolicyFacade;
import eu.europa.esig.dss.policy.jaxb.BasicSignatureConstraints;
import eu.europa.esig.dss.policy.jaxb.CertificateConstraints;
import eu.europa.esig.dss.policy.jaxb.ConstraintsParameters;
import eu.europa.esig.dss.policy.jaxb.LevelConstraint;
import eu.europa.esig.dss.simplereport.SimpleReport;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.spi.x509.revocation.crl.ExternalResourcesCRLSource;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import eu.europa.esig.dss.validation.reports.Reports;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** EU DSS: ETSI EN 319 102-1 validation with one anchor, no network, and the policy that DSS is released with. */
final class DssJudge {
    private DssJudge() {}

    static Answer judge(Job job) throws Exception {
        CommonTrustedCertificateSource anchors = new CommonTrustedCertificateSource();
        for (X509Certificate anchor : Pem.certificates(job.trust())) {
            anchors.addCertificate(new CertificateToken(anchor));
        }
        CommonCertificateVerifier verifier = new CommonCertificateVerifier();
        verifier.setTrustedCertSources(anchors);
        verifier.setAIASource(null);
        if (job.crl() != null) {
            verifier.setCrlSource(new ExternalResourcesCRLSource(new FileDocument(job.crl())));
        }
        SignedDocumentValidator validator = SignedDocumentValidator.fromDocument(new FileDocument(job.file()));
        validator.setCertificateVerifier(verifier);
        Reports reports = validator.validateDocument(policy(job.crl() == null && !claimsRevocationData(job)));
        return answer(reports.getSimpleReport(), reports.getDiagnosticData());
    }

    private static Answer answer(SimpleReport report, DiagnosticData data) {
        if (report.getSignaturesCount() == 0) {
            return Answer.of(Verdict.UNSIGNED, "");
        }
        List<String> levels = new ArrayList<>();
        Set<String> said = new LinkedHashSet<>();
        Verdict verdict = Verdict.ACCEPTED;
        boolean whole = false;
        for (String id : report.getSignatureIdList()) {
            levels.add(report.getSignatureFormat(id).toString());
            Verdict one = verdict(report.getIndication(id), report.getSubIndication(id));
            if (verdict == Verdict.ACCEPTED || one == Verdict.CHANGED) {
                verdict = one;
            }
            if (one != Verdict.ACCEPTED) {
                said.add(report.getIndication(id) + " " + report.getSubIndication(id));
            }
            whole |= data.getSignatureById(id).getSignatureScopes().stream()
                    .anyMatch(scope -> scope.getScope() == SignatureScopeType.FULL);
            said.addAll(changes(data.getSignatureById(id)));
            Stream.of(report.getAdESValidationErrors(id), report.getAdESValidationWarnings(id))
                    .flatMap(List::stream)
                    .map(Message::getValue)
                    .forEach(said::add);
        }
        // A file that grew by validation data and timestamps only is whole as well.
        boolean extended = levels.stream().anyMatch(level -> level.endsWith("-LT") || level.endsWith("-LTA"));
        if (verdict == Verdict.ACCEPTED && !whole && !extended) {
            verdict = Verdict.PARTIAL;
        }
        return new Answer(verdict, String.join(",", levels), String.join("; ", said));
    }

    private static Verdict verdict(Indication indication, SubIndication reason) {
        if (indication == Indication.TOTAL_PASSED) {
            return Verdict.ACCEPTED;
        }
        if (reason == SubIndication.HASH_FAILURE || reason == SubIndication.SIG_CRYPTO_FAILURE) {
            return Verdict.CHANGED;
        }
        boolean chain = reason == SubIndication.NO_CERTIFICATE_CHAIN_FOUND
                || reason == SubIndication.NO_CERTIFICATE_CHAIN_FOUND_NO_POE;
        return chain ? Verdict.UNTRUSTED : Verdict.REFUSED;
    }

    private static List<String> changes(SignatureWrapper signature) {
        List<String> changes = new ArrayList<>();
        if (!signature.getPdfUndefinedChanges().isEmpty()) {
            changes.add("undefined changes after a signature");
        }
        if (!signature.getPdfVisualDifferenceConcernedPages().isEmpty()) {
            changes.add("a page looks different than when it was signed");
        }
        if (!signature.getPdfAnnotationsOverlapConcernedPages().isEmpty()) {
            changes.add("annotations overlap");
        }
        return changes;
    }

    private static boolean claimsRevocationData(Job job) {
        return job.level() != null && (job.level().endsWith("-LT") || job.level().endsWith("-LTA"));
    }

    /** The policy of DSS; where nobody could say anything about revocation, that is not held against the signature. */
    private static EtsiValidationPolicy policy(boolean revocationIsUnknown) throws Exception {
        ConstraintsParameters parameters = ValidationPolicyFacade.newFacade()
                .unmarshall(DssJudge.class.getResourceAsStream("/policy/constraint.xml"));
        if (revocationIsUnknown) {
            BasicSignatureConstraints constraints =
                    parameters.getSignatureConstraints().getBasicSignatureConstraints();
            LevelConstraint inform = new LevelConstraint();
            inform.setLevel(Level.INFORM);
            for (CertificateConstraints certificate :
                    List.of(constraints.getSigningCertificate(), constraints.getCACertificate())) {
                certificate.setRevocationDataAvailable(inform);
                certificate.setAcceptableRevocationDataFound(inform);
            }
        }
        return new EtsiValidationPolicy(parameters);
    }
}
