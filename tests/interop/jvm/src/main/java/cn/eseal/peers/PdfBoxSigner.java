package cn.eseal.peers;

import cn.eseal.peers.Answer.Verdict;
import java.io.BufferedOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Calendar;
import java.util.Hashtable;
import java.util.List;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.PDSignature;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.AttributeTable;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;
import org.bouncycastle.asn1.ess.ESSCertIDv2;
import org.bouncycastle.asn1.ess.SigningCertificateV2;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.CMSTypedData;
import org.bouncycastle.cms.DefaultSignedAttributeTableGenerator;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/** Signs as PDFBox's examples do: an incremental update with an invisible signature, the CMS by Bouncy Castle. */
final class PdfBoxSigner {
    private final PrivateKey key;
    private final List<X509Certificate> chain;

    PdfBoxSigner(PrivateKey key, List<X509Certificate> chain) {
        this.key = key;
        this.chain = chain;
    }

    static Answer sign(Job job) throws IOException, GeneralSecurityException, OperatorCreationException {
        Pki pki = Pki.own();
        Pem.write(pki.root, job.trust());
        PdfBoxSigner signer = new PdfBoxSigner(pki.signer.key(), pki.chain(pki.signer));
        signer.sign(Path.of(job.file()), Path.of(job.out()), COSName.getPDFName(job.level()));
        return Answer.of(Verdict.ACCEPTED, "");
    }

    void sign(Path in, Path out, COSName subFilter) throws IOException {
        File file = in.toFile();
        try (PDDocument document = Loader.loadPDF(file);
                OutputStream signed = new BufferedOutputStream(Files.newOutputStream(out))) {
            PDSignature signature = new PDSignature();
            signature.setFilter(PDSignature.FILTER_ADOBE_PPKLITE);
            signature.setSubFilter(subFilter);
            signature.setSignDate(Calendar.getInstance());
            document.addSignature(signature, this::cms);
            document.saveIncremental(signed);
        }
    }

    private byte[] cms(InputStream covered) throws IOException {
        try {
            ContentSigner signer = new JcaContentSignerBuilder("SHA256withECDSA").build(key);
            DefaultSignedAttributeTableGenerator attributes = new DefaultSignedAttributeTableGenerator(ownAttributes());
            CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
            generator.addSignerInfoGenerator(
                    new JcaSignerInfoGeneratorBuilder(new JcaDigestCalculatorProviderBuilder().build())
                            .setSignedAttributeGenerator(parameters -> {
                                // PAdES: the time of signing stands in the signature dictionary.
                                AttributeTable all = attributes.getAttributes(parameters);
                                return all.remove(org.bouncycastle.asn1.cms.CMSAttributes.signingTime);
                            })
                            .build(signer, chain.get(0)));
            generator.addCertificates(new JcaCertStore(chain));
            return generator.generate(new Streamed(covered), false).getEncoded("DER");
        } catch (GeneralSecurityException | OperatorCreationException | CMSException broken) {
            throw new IOException(broken);
        }
    }

    private AttributeTable ownAttributes() throws GeneralSecurityException {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(chain.get(0).getEncoded());
        SigningCertificateV2 certificate = new SigningCertificateV2(new ESSCertIDv2(digest));
        Hashtable<ASN1ObjectIdentifier, Attribute> table = new Hashtable<>();
        ASN1ObjectIdentifier name = PKCSObjectIdentifiers.id_aa_signingCertificateV2;
        table.put(name, new Attribute(name, new DERSet(certificate)));
        return new AttributeTable(table);
    }

    /** The covered bytes, never all in memory. */
    private record Streamed(InputStream covered) implements CMSTypedData {
        @Override
        public ASN1ObjectIdentifier getContentType() {
            return CMSObjectIdentifiers.data;
        }

        @Override
        public Object getContent() {
            return covered;
        }

        @Override
        public void write(OutputStream out) throws IOException {
            covered.transferTo(out);
        }
    }
}
