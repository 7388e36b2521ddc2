package cn.eseal.ofdrw;

import cn.eseal.ofdrw.Answer.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.ofdrw.gm.ses.parse.SESVersion;
import org.ofdrw.gm.ses.parse.VersionParser;
import org.ofdrw.reader.OFDReader;
import org.ofdrw.sign.verify.OFDValidator;
import org.ofdrw.sign.verify.exceptions.FileIntegrityException;
import org.ofdrw.sign.verify.exceptions.InvalidSignedValueException;

/**
 * ofdrw's verifier: files against their digests, the seal file against the seal in the signature, the description against what was
 * signed, and the signature. It judges neither the maker's signature, which is looked at here, nor any certificate.
 */
final class Judge {
    private Judge() {}

    static Answer judge(Job job) throws IOException, GeneralSecurityException {
        List<String> met = new ArrayList<>();
        try (OFDReader reader = new OFDReader(Path.of(job.file()));
                OFDValidator validator = new OFDValidator(reader)) {
            validator.setValidator(Containers.judging(met));
            validator.exeValidate();
        } catch (FileIntegrityException | InvalidSignedValueException changed) {
            return new Answer(Verdict.CHANGED, changed.toString());
        }
        try (ZipFile zip = new ZipFile(job.file())) {
            for (ZipEntry entry : zip.stream().filter(one -> one.getName().endsWith(".esl")).toList()) {
                byte[] seal = zip.getInputStream(entry).readAllBytes();
                boolean isOld = VersionParser.parseSES_SealVersion(seal).getVersion() == SESVersion.v1;
                if (!isOld && !Seals.isMade(seal)) {
                    return new Answer(Verdict.CHANGED, entry.getName() + " is not what its maker signed");
                }
            }
        }
        return new Answer(Verdict.ACCEPTED, String.join(",", met));
    }
}
