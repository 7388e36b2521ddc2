package cn.eseal.ofdrw;

import cn.eseal.ofdrw.Job.Form;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.util.List;
import java.util.Optional;
import org.ofdrw.core.signatures.SigType;
import org.ofdrw.gm.ses.parse.SESVersion;
import org.ofdrw.gm.ses.parse.VersionParser;
import org.ofdrw.sign.ExtendSignatureContainer;
import org.ofdrw.sign.signContainer.DigitalSignContainer;
import org.ofdrw.sign.signContainer.GBT35275DSContainer;
import org.ofdrw.sign.signContainer.GBT35275PKCS9DSContainer;
import org.ofdrw.sign.signContainer.SESV1Container;
import org.ofdrw.sign.signContainer.SESV4Container;
import org.ofdrw.sign.verify.SignedDataValidateContainer;
import org.ofdrw.sign.verify.container.GBT35275ValidateContainer;
import org.ofdrw.sign.verify.container.SESV1ValidateContainer;
import org.ofdrw.sign.verify.container.SESV4ValidateContainer;

/** What ofdrw signs and judges each form with. Seals of GM/T 0031-2025 are found by name, since not every release knows them. */
final class Containers {
    private static final String SIGNS_V5 = "org.ofdrw.sign.signContainer.SESV5Container";
    private static final String SEAL_V5 = "org.ofdrw.gm.ses.v5.SESeal";
    private static final String JUDGES_V5 = "org.ofdrw.sign.verify.container.SESV5ValidateContainer";

    private Containers() {}

    // Bare signatures are deprecated, and in the field.
    @SuppressWarnings("deprecation")
    static Optional<ExtendSignatureContainer> signing(Form form, Pki pki)
            throws GeneralSecurityException, IOException, ReflectiveOperationException {
        PrivateKey key = pki.signer.key();
        Certificate certificate = pki.signer.certificate();
        return switch (form) {
            case V1 -> Optional.of(new SESV1Container(key, Seals.v1(pki), certificate));
            case V4 -> Optional.of(new SESV4Container(key, Seals.v4(pki, 4), certificate));
            case V5 -> v5(key, Seals.v4(pki, 5).getEncoded("DER"), certificate);
            case CMS -> Optional.of(new GBT35275DSContainer(certificate, key));
            case CMS_ATTRIBUTES -> Optional.of(new GBT35275PKCS9DSContainer(certificate, key));
            case BARE -> Optional.of(new DigitalSignContainer(key));
        };
    }

    private static Optional<ExtendSignatureContainer> v5(PrivateKey key, byte[] der, Certificate certificate)
            throws ReflectiveOperationException {
        Optional<Class<?>> signs = named(SIGNS_V5);
        if (signs.isEmpty()) {
            return Optional.empty();
        }
        Class<?> type = Class.forName(SEAL_V5);
        Object seal = type.getMethod("getInstance", Object.class).invoke(null, (Object) der);
        Object container = signs.get()
                .getConstructor(PrivateKey.class, type, Certificate.class)
                .newInstance(key, seal, certificate);
        return Optional.of((ExtendSignatureContainer) container);
    }

    /** A judge of whatever a signature is; the forms that it met are told to {@code met}. */
    static SignedDataValidateContainer judging(List<String> met) {
        return (type, algorithm, signed, value) -> {
            SignedDataValidateContainer judge = judge(type, value);
            met.add(judge.getClass().getSimpleName());
            judge.validate(type, algorithm, signed, value);
        };
    }

    private static SignedDataValidateContainer judge(SigType type, byte[] value) {
        if (type == SigType.Sign) {
            return new GBT35275ValidateContainer();
        }
        SESVersion version = VersionParser.parseSES_SignatureVersion(value).getVersion();
        if (version == SESVersion.v1) {
            return new SESV1ValidateContainer();
        }
        if (version == SESVersion.v4) {
            return new SESV4ValidateContainer();
        }
        try {
            Class<?> judges = named(JUDGES_V5).orElseThrow();
            return (SignedDataValidateContainer) judges.getConstructor().newInstance();
        } catch (ReflectiveOperationException broken) {
            throw new IllegalStateException(broken);
        }
    }

    private static Optional<Class<?>> named(String name) {
        try {
            return Optional.of(Class.forName(name));
        } catch (ClassNotFoundException notInThisRelease) {
            return Optional.empty();
        }
    }
}
