"""Judges every signature of a PDF with pyHanko: `pyhanko_judge.py FILE.pdf ROOTS.pem LEVEL`, one line a signature.

At the levels LT and LTA all that is known about revocation is what the file holds, and revocation must be known. At level LTA
a document timestamp must stand at the end.
"""

import sys

from pyhanko.keys import load_certs_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import DocumentSecurityStore, validate_pdf_signature, validate_pdf_timestamp
from pyhanko_certvalidator import ValidationContext


def good(stamp) -> bool:
    return bool(stamp and stamp.intact and stamp.valid and stamp.trusted)


def main(pdf: str, roots: str, level: str) -> None:
    trust = {"trust_roots": list(load_certs_from_pemder([roots])), "allow_fetching": False}
    with open(pdf, "rb") as file:
        reader = PdfFileReader(file)
        if level in ("LT", "LTA"):
            store = DocumentSecurityStore.read_dss(reader)
            context = store.as_validation_context(trust | {"revocation_mode": "require"})
        else:
            context = ValidationContext(**trust)
        archived = level != "LTA" or good(validate_pdf_timestamp(reader.embedded_timestamp_signatures[-1], context))
        for signature in reader.embedded_regular_signatures:
            status = validate_pdf_signature(signature, signer_validation_context=context)
            facts = {
                "intact": status.intact,
                "valid": status.valid,
                "trusted": status.trusted,
                "coverage": status.coverage.name,
                "timestamp": good(status.timestamp_validity),
                "bottom_line": status.bottom_line and archived,
            }
            print(" ".join(f"{name}={value}" for name, value in facts.items()))


main(*sys.argv[1:])
