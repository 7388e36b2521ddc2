"""Seals and lawfully extends a PDF with pyHanko: `pyhanko_author.py BASE.pdf FOLDER`. Leaves root.pem and the files there."""

import datetime
import sys
from io import BytesIO
from pathlib import Path

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers, timestamps
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator.registry import SimpleCertificateStore

NOW = datetime.datetime.now(datetime.timezone.utc)
DAY = datetime.timedelta(days=1)
DER = serialization.Encoding.DER
FLAGS = "digital_signature content_commitment key_encipherment data_encipherment key_agreement key_cert_sign crl_sign"


def issue(name, key, issuer, issuer_key, flags, extended=None):
    named = lambda text: x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])
    usage = {flag: flag in flags for flag in FLAGS.split()}
    builder = (
        x509.CertificateBuilder(named(issuer), named(name), key.public_key(), x509.random_serial_number())
        .not_valid_before(NOW - DAY)
        .not_valid_after(NOW + 300 * DAY)
        .add_extension(x509.BasicConstraints("key_cert_sign" in flags, None), critical=True)
        .add_extension(x509.KeyUsage(**usage, encipher_only=False, decipher_only=False), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )
    if extended:
        builder = builder.add_extension(x509.ExtendedKeyUsage([extended]), critical=True)
    certificate = builder.sign(issuer_key, hashes.SHA256())
    der = key.private_bytes(DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return certificate, asn1_x509.Certificate.load(certificate.public_bytes(DER)), asn1_keys.PrivateKeyInfo.load(der)


def main(base: str, folder: str) -> None:
    root_key, own_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    # pyHanko's own clock for tests signs with RSA only.
    clock_key = rsa.generate_private_key(65537, 2048)
    root, root_asn1, _ = issue("eseal attacks root", root_key, "eseal attacks root", root_key, ["key_cert_sign", "crl_sign"])
    own = issue("Author", own_key, "eseal attacks root", root_key, ["digital_signature", "content_commitment"])
    tsa = issue("Clock", clock_key, "eseal attacks root", root_key, ["digital_signature"], ExtendedKeyUsageOID.TIME_STAMPING)
    store = SimpleCertificateStore()
    store.register(root_asn1)
    signer = signers.SimpleSigner(signing_cert=own[1], signing_key=own[2], cert_registry=store)
    clock = timestamps.DummyTimeStamper(tsa_cert=tsa[1], tsa_key=tsa[2], certs_to_embed=store)
    out = Path(folder)
    (out / "root.pem").write_bytes(root.public_bytes(serialization.Encoding.PEM))

    def signed(data: bytes, field: str, box=None, **more) -> bytes:
        writer = IncrementalPdfFileWriter(BytesIO(data), strict=False)
        spec = fields.SigFieldSpec(field, box=box, on_page=0) if field != "Empty" else None
        meta = signers.PdfSignatureMetadata(field_name=field, subfilter=fields.SigSeedSubFilter.PADES, **more)
        result = BytesIO()
        signers.PdfSigner(meta, signer=signer, new_field_spec=spec).sign_pdf(writer, output=result)
        return result.getvalue()

    def with_dss(data: bytes) -> bytes:
        result = BytesIO(data)
        DocumentSecurityStore.add_dss(result, sig_contents=None, certs=[own[1], root_asn1])
        return result.getvalue()

    def with_timestamp(data: bytes) -> bytes:
        result = BytesIO()
        writer = IncrementalPdfFileWriter(BytesIO(data), strict=False)
        signers.PdfTimeStamper(clock).timestamp_pdf(writer, "sha256", output=result)
        return result.getvalue()

    original = Path(base).read_bytes()
    box = (300, 100, 400, 150)
    made = {"approval": signed(original, "Author", box)}
    for level in (1, 2, 3):
        permission = fields.MDPPerm(level)
        made[f"certified-{level}"] = signed(original, "Author", box, certify=True, docmdp_permissions=permission)
    for name, data in list(made.items()):
        made[f"legal {name} with DSS"] = with_dss(data)
        made[f"legal {name} with document timestamp"] = with_timestamp(data)
        made[f"legal {name} with DSS and document timestamp"] = with_timestamp(with_dss(data))
    made["legal approval with second signature"] = signed(made["approval"], "Second", (300, 200, 400, 250))
    made["legal approval with prepared field signed"] = signed(made["approval"], "Empty")
    made["legal certified-2 with prepared field signed"] = signed(made["certified-2"], "Empty")
    made["legal certified-3 with prepared field signed"] = signed(made["certified-3"], "Empty")
    for name, data in made.items():
        (out / f"{name}.pdf").write_bytes(data)


main(*sys.argv[1:])
