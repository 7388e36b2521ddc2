package cn.eseal.ofdrw;

import cn.eseal.ofdrw.Answer.Verdict;
import cn.eseal.ofdrw.Job.Place;
import cn.eseal.ofdrw.Job.Protection;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Optional;
import org.bouncycastle.operator.OperatorCreationException;
import org.ofdrw.reader.OFDReader;
import org.ofdrw.sign.ExtendSignatureContainer;
import org.ofdrw.sign.NumberFormatAtomicSignID;
import org.ofdrw.sign.OFDSigner;
import org.ofdrw.sign.SignMode;
import org.ofdrw.sign.stamppos.NormalStampPos;
import org.ofdrw.sign.stamppos.RidingStampPos;
import org.ofdrw.sign.stamppos.Side;
import org.ofdrw.sign.stamppos.StampAppearance;

/** Signs with ofdrw as its users do. */
final class Signer {
    private static Pki pki;

    private Signer() {}

    static Answer sign(Job job)
            throws IOException, GeneralSecurityException, OperatorCreationException, ReflectiveOperationException {
        Pki pki = pki();
        Optional<ExtendSignatureContainer> container = Containers.signing(job.form(), pki);
        if (container.isEmpty()) {
            return new Answer(Verdict.UNKNOWN, "this release of ofdrw does not know seals of " + job.form());
        }
        Pki.write(pki.root, job.trust());
        Pki.write(pki.signer.certificate(), job.signer());
        Protection protection = job.protection();
        SignMode mode = protection == Protection.WHOLE ? SignMode.WholeProtected : SignMode.ContinueSign;
        sign(Path.of(job.file()), Path.of(job.out()), container.get(), place(job.place()), mode);
        return new Answer(Verdict.ACCEPTED, "");
    }

    /** Whoever signs in this process. */
    static Pki pki() throws IOException, GeneralSecurityException, OperatorCreationException {
        if (pki == null) {
            pki = new Pki();
        }
        return pki;
    }

    static void sign(
            Path in, Path out, ExtendSignatureContainer container, Optional<StampAppearance> place, SignMode mode)
            throws IOException, GeneralSecurityException {
        try (OFDReader reader = new OFDReader(in);
                OFDSigner signer = new OFDSigner(reader, out, new NumberFormatAtomicSignID())) {
            signer.setSignContainer(container);
            signer.setSignMode(mode);
            place.ifPresent(signer::addApPos);
            signer.exeSign();
        }
    }

    private static Optional<StampAppearance> place(Place place) {
        return switch (place) {
            case NOWHERE -> Optional.empty();
            case PAGE_1 -> Optional.of(new NormalStampPos(1, 30, 40, 40, 40));
            case RIGHT -> Optional.of(new RidingStampPos(Side.Right, 40, 40));
            case LEFT -> Optional.of(new RidingStampPos(Side.Left, 40, 40));
            case TOP -> Optional.of(new RidingStampPos(Side.Top, 40, 40));
            case BOTTOM -> Optional.of(new RidingStampPos(Side.Bottom, 40, 40));
        };
    }
}
