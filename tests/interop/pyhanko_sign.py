"""Signs with pyHanko: `pyhanko_sign.py FILE.pdf B|T|LT|LTA SIGNED.pdf ROOT.pem`. The root, made for the occasion, is written."""

import datetime
import sys

from asn1crypto import cms as asn1_cms
from asn1crypto import crl as asn1_crl
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers, timestamps
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.general import as_signing_certificate_v2, simple_cms_attribute
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

NOW = datetime.datetime.now(datetime.timezone.utc)
HOUR = datetime.timedelta(hours=1)
DER = serialization.Encoding.DER


def usage(*names: str) -> x509.KeyUsage:
    every = "digital_signature content_commitment key_encipherment data_encipherment key_agreement key_cert_sign crl_sign"
    flags = {name: name in names for name in every.split()}
    return x509.KeyUsage(**flags, encipher_only=False, decipher_only=False)


class Authority:
    def __init__(self) -> None:
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "eseal interop pyHanko root")])
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.certificate = self.issue(self.name, self.key, usage("key_cert_sign", "crl_sign"), ca=True)

    def issue(self, name, key, key_usage, ca=False, extended=None) -> x509.Certificate:
        builder = (
            x509.CertificateBuilder(self.name, name, key.public_key(), x509.random_serial_number())
            .not_valid_before(NOW - HOUR)
            .not_valid_after(NOW + 24 * 300 * HOUR)
            .add_extension(x509.BasicConstraints(ca, None), critical=True)
            .add_extension(key_usage, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False)
        )
        if extended:
            builder = builder.add_extension(x509.ExtendedKeyUsage([extended]), critical=True)
        return builder.sign(self.key, hashes.SHA256())

    def holder(self, name: str, key_usage: x509.KeyUsage, extended=None):
        """A certificate and its key, as pyHanko wants them."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        certificate = self.issue(subject, key, key_usage, extended=extended)
        der = key.private_bytes(DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        return loaded(certificate), asn1_keys.PrivateKeyInfo.load(der)

    def revocation_list(self) -> asn1_crl.CertificateList:
        builder = (
            x509.CertificateRevocationListBuilder(self.name, NOW - HOUR / 60, NOW + 24 * HOUR)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False)
            .add_extension(x509.CRLNumber(1), critical=False)
        )
        return asn1_crl.CertificateList.load(builder.sign(self.key, hashes.SHA256()).public_bytes(DER))


def loaded(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(DER))


class TimestampAuthority(timestamps.DummyTimeStamper):
    """pyHanko's own, which knows RSA only."""

    def _sign_tst_info(self, tst_info_data, md_algorithm, dt):
        digest = hashes.Hash(hashes.SHA256())
        digest.update(tst_info_data)
        attributes = asn1_cms.CMSAttributes(
            [
                simple_cms_attribute("content_type", "tst_info"),
                simple_cms_attribute("message_digest", digest.finalize()),
                simple_cms_attribute("signing_certificate_v2", as_signing_certificate_v2(self.tsa_cert)),
            ]
        )
        key = serialization.load_der_private_key(self.tsa_key.dump(), password=None)
        return key.sign(attributes.dump(), ec.ECDSA(hashes.SHA256())), attributes

    def _build_signed_data(self, tst_info_data, md_algorithm, signature, signed_attrs):
        data = super()._build_signed_data(tst_info_data, md_algorithm, signature, signed_attrs)
        data["signer_infos"][0]["signature_algorithm"] = {"algorithm": "sha256_ecdsa"}
        return data


def main(document: str, level: str, signed: str, root: str) -> None:
    authority = Authority()
    with open(root, "wb") as file:
        file.write(authority.certificate.public_bytes(serialization.Encoding.PEM))
    anchor = loaded(authority.certificate)
    known = SimpleCertificateStore()
    known.register(anchor)
    certificate, key = authority.holder("Test Person C", usage("content_commitment"))
    signer = signers.SimpleSigner(signing_cert=certificate, signing_key=key, cert_registry=known)
    timestamper = None
    if level != "B":
        tsa, tsa_key = authority.holder("Test TSA", usage("digital_signature"), ExtendedKeyUsageOID.TIME_STAMPING)
        timestamper = TimestampAuthority(tsa, tsa_key, certs_to_embed=known)
    long_term = level in ("LT", "LTA")
    metadata = signers.PdfSignatureMetadata(
        field_name="Signature",
        subfilter=SigSeedSubFilter.PADES,
        md_algorithm="sha256",
        embed_validation_info=long_term,
        use_pades_lta=level == "LTA",
        validation_context=ValidationContext(
            trust_roots=[anchor], crls=[authority.revocation_list()], allow_fetching=False
        )
        if long_term
        else None,
    )
    with open(document, "rb") as source, open(signed, "w+b") as target:
        writer = IncrementalPdfFileWriter(source)
        signers.PdfSigner(metadata, signer=signer, timestamper=timestamper).sign_pdf(writer, output=target)


main(*sys.argv[1:])
