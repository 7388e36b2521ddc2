package cn.eseal.peers;

import cn.eseal.peers.Answer.Verdict;
import java.io.File;
import java.io.IOException;
import java.util.stream.Collectors;
import org.verapdf.core.EncryptedPdfException;
import org.verapdf.core.ModelParsingException;
import org.verapdf.core.ValidationException;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** veraPDF: whether a file is what it claims to be, PDF/A or PDF/UA. It judges no signature's cryptography. */
final class VeraPdfJudge {
    static {
        VeraGreenfieldFoundryProvider.initialise();
    }

    private VeraPdfJudge() {}

    static Answer judge(Job job)
            throws IOException, ModelParsingException, EncryptedPdfException, ValidationException {
        PDFAFlavour flavour = PDFAFlavour.byFlavourId(job.level());
        try (PDFAParser parser = Foundries.defaultInstance().createParser(new File(job.file()), flavour);
                PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, false)) {
            ValidationResult result = validator.validate(parser);
            Verdict verdict = result.isCompliant() ? Verdict.ACCEPTED : Verdict.REFUSED;
            String broken = result.getTestAssertions().stream()
                    .filter(assertion -> assertion.getStatus() == TestAssertion.Status.FAILED)
                    .map(assertion -> assertion.getRuleId().getClause() + "-"
                            + assertion.getRuleId().getTestNumber() + " " + assertion.getMessage())
                    .distinct()
                    .collect(Collectors.joining("; "));
            return new Answer(verdict, result.getPDFAFlavour().getId(), broken);
        }
    }
}
