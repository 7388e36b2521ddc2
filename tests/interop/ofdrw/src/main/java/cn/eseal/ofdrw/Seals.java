package cn.eseal.ofdrw;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1GeneralizedTime;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1UTCTime;
import org.bouncycastle.asn1.DERIA5String;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.gm.GMObjectIdentifiers;
import org.ofdrw.gm.ses.v1.SES_ESPictrueInfo;
import org.ofdrw.gm.ses.v1.SES_Header;
import org.ofdrw.gm.ses.v1.SES_SignInfo;
import org.ofdrw.gm.ses.v4.SES_CertList;

/** Seals, put together from the structures of ofdrw as its own tests do: it makes none itself. */
final class Seals {
    private static final DERIA5String VENDOR = new DERIA5String("ofdrw");
    private static final String NUMBER = "36010000000009";
    private static final String NAME = "测试印章";

    /** A picture of one red dot. */
    private static final byte[] PNG = Base64.getDecoder()
            .decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==");

    private Seals() {}

    private static SES_ESPictrueInfo picture() {
        return new SES_ESPictrueInfo().setType("PNG").setData(PNG).setWidth(40).setHeight(40);
    }

    private static Date end() {
        return Date.from(Instant.now().plus(Duration.ofDays(100)));
    }

    /** A minute ago, so that nothing is younger than its seal. */
    private static Date start() {
        return Date.from(Instant.now().minus(Duration.ofMinutes(1)));
    }

    private static byte[] sign(Pki.Holder maker, byte[] signed) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(Pki.ALGORITHM, Pki.PROVIDER);
        signature.initSign(maker.key());
        signature.update(signed);
        return signature.sign();
    }

    /** A seal of GM/T 0031-2014. */
    static org.ofdrw.gm.ses.v1.SESeal v1(Pki pki) throws GeneralSecurityException, IOException {
        DEROctetString user = new DEROctetString(pki.signer.certificate().getEncoded());
        org.ofdrw.gm.ses.v1.SES_ESPropertyInfo property = new org.ofdrw.gm.ses.v1.SES_ESPropertyInfo()
                .setType(org.ofdrw.gm.ses.v1.SES_ESPropertyInfo.OrgType)
                .setName(new DERUTF8String(NAME))
                .setCertList(new DERSequence(user))
                .setCreateDate(new ASN1UTCTime(start()))
                .setValidStart(new ASN1UTCTime(start()))
                .setValidEnd(new ASN1UTCTime(end()));
        org.ofdrw.gm.ses.v1.SES_SealInfo info = new org.ofdrw.gm.ses.v1.SES_SealInfo()
                .setHeader(new SES_Header(new ASN1Integer(1), VENDOR))
                .setEsID(NUMBER)
                .setProperty(property)
                .setPicture(picture());
        DEROctetString certificate = new DEROctetString(pki.maker.certificate().getEncoded());
        ASN1Encodable[] signed = {info, certificate, GMObjectIdentifiers.sm2sign_with_sm3};
        SES_SignInfo signInfo = new SES_SignInfo()
                .setCert(certificate)
                .setSignatureAlgorithm(GMObjectIdentifiers.sm2sign_with_sm3)
                .setSignData(sign(pki.maker, new DERSequence(signed).getEncoded("DER")));
        return new org.ofdrw.gm.ses.v1.SESeal(info, signInfo);
    }

    /** A seal of GB/T 38540-2020, version 4, or of GM/T 0031-2025, version 5: without a timestamp they differ in the number only. */
    static org.ofdrw.gm.ses.v4.SESeal v4(Pki pki, int version) throws GeneralSecurityException, IOException {
        DEROctetString user = new DEROctetString(pki.signer.certificate().getEncoded());
        ASN1Integer listed = org.ofdrw.gm.ses.v4.SES_ESPropertyInfo.CertListType;
        org.ofdrw.gm.ses.v4.SES_ESPropertyInfo property = new org.ofdrw.gm.ses.v4.SES_ESPropertyInfo()
                .setType(new ASN1Integer(1))
                .setName(new DERUTF8String(NAME))
                .setCertListType(listed)
                .setCertList(SES_CertList.getInstance(listed, new DERSequence(user)))
                .setCreateDate(new ASN1GeneralizedTime(start()))
                .setValidStart(new ASN1GeneralizedTime(start()))
                .setValidEnd(new ASN1GeneralizedTime(end()));
        org.ofdrw.gm.ses.v4.SES_SealInfo info = new org.ofdrw.gm.ses.v4.SES_SealInfo()
                .setHeader(new SES_Header(new ASN1Integer(version), VENDOR))
                .setEsID(NUMBER)
                .setProperty(property)
                .setPicture(picture());
        return new org.ofdrw.gm.ses.v4.SESeal()
                .seteSealInfo(info)
                .setCert(pki.maker.certificate())
                .setSignAlgID(GMObjectIdentifiers.sm2sign_with_sm3)
                .setSignedValue(sign(pki.maker, info.getEncoded("DER")));
    }

    /** Whether the maker of a seal of GB/T 38540-2020 signed it. */
    static boolean isMade(byte[] der) throws GeneralSecurityException, IOException {
        org.ofdrw.gm.ses.v4.SESeal seal = org.ofdrw.gm.ses.v4.SESeal.getInstance(der);
        Signature signature = Signature.getInstance(Pki.ALGORITHM, Pki.PROVIDER);
        signature.initVerify(Certificates.read(seal.getCert().getOctets()));
        signature.update(seal.geteSealInfo().getEncoded("DER"));
        return signature.verify(seal.getSignedValue().getOctets());
    }
}
