"""Judges every signature of a PDF with pyHanko: `pyhanko_judge.py FILE.pdf ROOT.pem`, one line a signature."""

import sys

from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext


def main(pdf: str, root: str) -> None:
    context = ValidationContext(trust_roots=[load_cert_from_pemder(root)], allow_fetching=False)
    with open(pdf, "rb") as file:
        for signature in PdfFileReader(file).embedded_regular_signatures:
            status = validate_pdf_signature(signature, signer_validation_context=context)
            facts = {
                "intact": status.intact,
                "valid": status.valid,
                "trusted": status.trusted,
                "coverage": status.coverage.name,
                "bottom_line": status.bottom_line,
            }
            print(" ".join(f"{name}={value}" for name, value in facts.items()))


main(*sys.argv[1:])
