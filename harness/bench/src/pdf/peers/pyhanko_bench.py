"""`sign IN OUT KEY.pem CHAIN.pem REPEAT` or `verify FILE ROOT.pem _ _ REPEAT`: prints how long each turn took, ms."""

import json
import sys
import time


def signing(source, target, key, chain):
    from pyhanko.keys import load_certs_from_pemder
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers

    certificates = list(load_certs_from_pemder([chain]))
    signer = signers.SimpleSigner.load(key, chain, ca_chain_files=(), prefer_pss=False)
    assert signer is not None and certificates
    metadata = signers.PdfSignatureMetadata(
        field_name="Bench", subfilter=fields.SigSeedSubFilter.PADES, md_algorithm="sha256"
    )

    def turn():
        with open(source, "rb") as file, open(target, "wb+") as out:
            writer = IncrementalPdfFileWriter(file)
            field = fields.SigFieldSpec(sig_field_name="Bench", on_page=0, box=(50, 700, 160, 750))
            fields.append_signature_field(writer, field)
            signers.sign_pdf(writer, metadata, signer=signer, output=out)

    return turn


def verifying(sealed, root):
    from pyhanko.keys import load_certs_from_pemder
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    roots = list(load_certs_from_pemder([root]))

    def turn():
        with open(sealed, "rb") as file:
            signature = PdfFileReader(file).embedded_regular_signatures[0]
            context = ValidationContext(trust_roots=roots, allow_fetching=False)
            status = validate_pdf_signature(signature, signer_validation_context=context)
            assert status.intact and status.valid, status.summary()

    return turn


def main(job, first, second, third, fourth, repeat):
    turn = signing(first, second, third, fourth) if job == "sign" else verifying(first, second)
    times = []
    for _ in range(int(repeat)):
        started = time.perf_counter()
        turn()
        times.append((time.perf_counter() - started) * 1e3)
    print(json.dumps({"ms": times}))


main(*sys.argv[1:])
