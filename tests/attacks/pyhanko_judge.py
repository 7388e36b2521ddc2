"""What pyHanko says of the first signature of each file: `pyhanko_judge.py ROOTS.pem FILE.pdf...`, one line a file."""

import logging
import sys

from pyhanko.keys import load_certs_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

logging.disable(logging.CRITICAL)


def judge(path: str, roots) -> str:
    context = ValidationContext(trust_roots=roots, allow_fetching=False)
    with open(path, "rb") as file:
        signatures = PdfFileReader(file, strict=False).embedded_regular_signatures
        if not signatures:
            return "no signature"
        status = validate_pdf_signature(signatures[0], signer_validation_context=context)
        level = status.modification_level.name if status.modification_level else "-"
        return f"{'valid' if status.bottom_line else 'not valid'} ({level})"


def main(roots: str, *files: str) -> None:
    anchors = list(load_certs_from_pemder([roots]))
    for path in files:
        try:
            print(judge(path, anchors))
        except Exception as error:
            print(f"error: {type(error).__name__}")


main(*sys.argv[1:])
