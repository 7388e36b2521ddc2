package cn.eseal.ofdrw;

import cn.eseal.ofdrw.Answer.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import org.bouncycastle.operator.OperatorCreationException;
import org.dom4j.DocumentException;
import org.ofdrw.crypto.integrity.GMProtectSigner;
import org.ofdrw.crypto.integrity.GMProtectVerifier;
import org.ofdrw.crypto.integrity.OFDIntegrity;
import org.ofdrw.crypto.integrity.OFDIntegrityVerifier;

/**
 * ofdrw's integrity manifests: the signature over the list, and whether a file is in the package that is not in the list. It judges no
 * certificate, and misses no file that is gone.
 */
final class Manifests {
    private Manifests() {}

    static Answer judge(Job job) throws IOException, GeneralSecurityException, DocumentException {
        boolean holds = new OFDIntegrityVerifier().integrity(Path.of(job.file()), new GMProtectVerifier());
        return new Answer(holds ? Verdict.ACCEPTED : Verdict.CHANGED, "");
    }

    static Answer close(Job job) throws IOException, GeneralSecurityException, OperatorCreationException {
        Pki pki = Signer.pki();
        Pki.write(pki.root, job.trust());
        try (OFDIntegrity manifest = new OFDIntegrity(Path.of(job.file()), Path.of(job.out()))) {
            manifest.protect(new GMProtectSigner(pki.signer.key(), pki.signer.certificate()));
        }
        return new Answer(Verdict.ACCEPTED, "");
    }
}
