"""Signs other people's PDFs with pyHanko, for comparison: `corpus_pyhanko.py ORIGINALS OUT [--passwords OUTCOMES]`.

Writes each signed file under its own name, and `outcomes.tsv` for `corpus_judge.py`. OUTCOMES is the `outcomes.tsv` of our own
run: pyHanko gets the passwords that were found there. Every file has a fresh signer: a shared one is spoilt by a failure.
"""

import argparse
import datetime
import logging
import multiprocessing
import pathlib
import signal
import time

from asn1crypto import keys, x509
from cryptography import x509 as cx
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

SECONDS = 60


def identity():
    key = ec.generate_private_key(ec.SECP256R1())
    name = cx.Name([cx.NameAttribute(NameOID.COMMON_NAME, "Peer")])
    now = datetime.datetime(2026, 1, 1)
    certificate = (
        cx.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(cx.random_serial_number()).not_valid_before(now).not_valid_after(now + datetime.timedelta(days=3650))
        .add_extension(cx.KeyUsage(True, True, *[False] * 7), critical=True).sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private, certificate.public_bytes(serialization.Encoding.DER)


def alarm(*_):
    raise TimeoutError


def sign(case):
    source, target, password, (private, certificate) = case
    logging.disable(logging.CRITICAL)
    signal.signal(signal.SIGALRM, alarm)
    last = "?"
    begin = time.perf_counter()
    for strict in (True, False):
        signal.alarm(SECONDS)
        try:
            signer = signers.SimpleSigner(
                signing_cert=x509.Certificate.load(certificate),
                signing_key=keys.PrivateKeyInfo.load(private),
                cert_registry=SimpleCertificateStore(),
            )
            with open(source, "rb") as file, open(target, "wb") as out:
                writer = IncrementalPdfFileWriter(file, strict=strict)
                if writer.prev.encrypted:
                    writer.encrypt(password or "")
                taken = {name for name, *_ in fields.enumerate_sig_fields(writer.prev)}
                name = next(name for number in range(1, 1000) if (name := f"Peer{number}") not in taken)
                meta = signers.PdfSignatureMetadata(field_name=name, subfilter=fields.SigSeedSubFilter.PADES)
                spec = fields.SigFieldSpec(name, on_page=0, box=(0, 0, 113, 57))
                signers.PdfSigner(meta, signer, new_field_spec=spec).sign_pdf(writer, output=out)
            return source.name, "sealed", 1e3 * (time.perf_counter() - begin), password
        except Exception as error:  # noqa: BLE001: its reasons are what is asked for
            last = f"{type(error).__name__}: {error}".replace("\n", " ").replace("\t", " ")[:120]
            target.unlink(missing_ok=True)
        finally:
            signal.alarm(0)
    return source.name, last, 1e3 * (time.perf_counter() - begin), password


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("originals", type=pathlib.Path)
    arguments.add_argument("out", type=pathlib.Path)
    arguments.add_argument("--passwords", type=pathlib.Path)
    given = arguments.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    passwords = {}
    if given.passwords:
        rows = [line.split("\t") for line in given.passwords.read_text().splitlines()]
        passwords = {row[0]: row[3] for row in rows}
    who = identity()
    originals = sorted(given.originals.glob("*.pdf"))
    cases = [(path, given.out / path.name, passwords.get(path.name, ""), who) for path in originals]
    with multiprocessing.Pool(2) as pool:
        rows = pool.map(sign, cases, chunksize=4)
    lines = [f"{name}\t{outcome}\t{milliseconds:.2f}\t{password}\n" for name, outcome, milliseconds, password in rows]
    (given.out / "outcomes.tsv").write_text("".join(lines))
    print(f"signed {sum(outcome == 'sealed' for _, outcome, *_ in rows)} of {len(rows)}")


if __name__ == "__main__":
    main()
