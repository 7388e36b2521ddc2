"""Judges sealed copies of other people's PDFs: `corpus_judge.py ORIGINALS SEALED [--manifest M]`.

SEALED holds one sealed file for each original that was sealed, under the same name, and optionally `outcomes.tsv`: name,
tab, "sealed" or the code of the refusal, tab, milliseconds, tab, the password it was opened with. A *strict pass*: the old bytes are a prefix; pdfsig says valid
and total; pyHanko says intact, valid and ENTIRE_FILE; `qpdf --check` is not worse than before. Printed are the rate over
the files that qpdf can read, every refusal with its code, every failure with its reason, and every earlier signature that
pyHanko accepted before and not after.
"""

import argparse
import collections
import json
import logging
import multiprocessing
import pathlib
import signal
import subprocess
import sys

from lxml import etree
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation import EmbeddedPdfSignature, validate_pdf_signature, validate_pdf_timestamp
from pyhanko_certvalidator import ValidationContext

SECONDS = 60
# What a file may forbid; every other refusal of a file that qpdf can read is a failure.
EXCUSED = {
    "pdf.password-needed": "unknown password",
    "pdf.wrong-password": "unknown password",
    "pdf.unsupported-encryption": "another security handler",
    "pdf.certified-no-changes": "certified, P=1",
    "pdf.field-locked": "the form is locked",
}


NEVER_STRICT = ("hybrid-reference", "not found in the current context. This is an error in strict mode")
CANNOT_JUDGE = "the judge cannot read the original either"


class TooLong(Exception):
    pass


def alarm(*_):
    raise TooLong


def qpdf(path, password):
    """0 clean, 3 warnings, 2 unreadable."""
    command = ["qpdf", f"--password={password or ''}", "--check", str(path)]
    try:
        code = subprocess.run(command, capture_output=True, timeout=SECONDS).returncode
    except subprocess.TimeoutExpired:
        return 9
    return {0: 0, 3: 1, 2: 2}.get(code, 9)


def pdfsig(path, password):
    """Whether a signature is valid and covers the whole file, else why not."""
    command = ["pdfsig", "-nocert"]
    if password:
        command += ["-upw", password, "-opw", password]
    try:
        said = subprocess.run(command + [str(path)], capture_output=True, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return "timeout"
    text = said.stdout.decode("utf-8", "replace")
    total = [piece for piece in text.split("Signature #")[1:] if "Total document signed" in piece]
    if any("Signature is Valid." in piece for piece in total):
        return None
    return "no valid and total signature: " + (text + said.stderr.decode("utf-8", "replace")).strip()[-200:].replace("\n", " | ")


def read(file, password, strict):
    reader = PdfFileReader(file, strict=strict)
    if reader.encrypted:
        outcome = reader.decrypt(password or "")
        if "FAILED" in str(outcome.status):
            raise ValueError("pyHanko cannot open it with this password")
    return reader


def judged(reader):
    """Each signature: field, whether it is good, facts in words."""
    context = ValidationContext(allow_fetching=False)
    found = {}
    for name, value, reference in enumerate_sig_fields(reader):
        if value is None:
            continue
        try:
            embedded = EmbeddedPdfSignature(reader, reference.get_object(), name)
            if embedded.sig_object.get("/Type") == "/DocTimeStamp":
                status = validate_pdf_timestamp(embedded, context)
            else:
                status = validate_pdf_signature(embedded, signer_validation_context=context)
            coverage = status.coverage.name
            good = status.intact and status.valid and coverage in ("ENTIRE_FILE", "ENTIRE_REVISION")
            level = getattr(status, "modification_level", None)
            ok = getattr(status, "docmdp_ok", None)
            change = getattr(status, "diff_result", None)
            good = good and ok is not False and (level is None or level.name != "OTHER")
            facts = f"intact={status.intact} valid={status.valid} {coverage} {level and level.name} docmdp_ok={ok}"
            found[name] = (good, facts + (f" {change}" if change and not good else ""))
        except TooLong:
            raise
        except Exception as error:  # noqa: BLE001: what it raises is its verdict
            found[name] = (False, f"{type(error).__name__}: {error}")
    return found


def pyhanko(path, password):
    """Each signature, read strictly or, where that fails, leniently."""
    last = None
    for strict in (True, False):
        # A hybrid file cannot be judged strictly, whatever it is; nor can a revision behind one that refers to nothing.
        signal.signal(signal.SIGALRM, alarm)
        signal.alarm(SECONDS)
        try:
            with open(path, "rb") as file:
                found = judged(read(file, password, strict))
                if not strict or not any(word in facts for _, facts in found.values() for word in NEVER_STRICT):
                    return found, strict
        except TooLong:
            last = "timeout"
        except Exception as error:  # noqa: BLE001
            last = f"{type(error).__name__}: {error}"
        finally:
            signal.alarm(0)
    return last, False


def malformed_metadata(path, password):
    """Whether the XMP of a file is no XML, before anything was done to it."""
    try:
        with open(path, "rb") as file:
            etree.fromstring(read(file, password, False).root["/Metadata"].data)
    except etree.XMLSyntaxError:
        return True
    return False


def judge(case):
    original, sealed, password = case
    logging.disable(logging.CRITICAL)
    before = qpdf(original, password)
    if sealed is None:
        return original.name, before, None, [], None
    reasons = []
    with open(original, "rb") as old, open(sealed, "rb") as new:
        while block := old.read(1 << 20):
            if new.read(len(block)) != block:
                reasons.append("prefix: the old bytes changed")
                break
    if (after := qpdf(sealed, password)) > before:
        reasons.append(f"qpdf: {before} -> {after}")
    if said := pdfsig(sealed, password):
        reasons.append(f"pdfsig: {said}")
    verdicts, strict = pyhanko(sealed, password)
    flips = []
    if isinstance(verdicts, str):
        reasons.append(f"pyhanko: {verdicts}")
    else:
        ours = [name for name, (good, facts) in verdicts.items() if good and "ENTIRE_FILE" in facts]
        if not ours:
            reasons.append(f"pyhanko: {list(verdicts.items())[-1:]}")
    earlier, _ = pyhanko(original, password)
    # What a judge says of any copy, sealed or not, says nothing about the seal.
    same = isinstance(verdicts, str) and earlier == verdicts
    locked = "Incorrect password" in (pdfsig(original, password) or "")
    if reasons and (same or locked):
        reasons.append(CANNOT_JUDGE)
    if isinstance(earlier, dict):
        for name, (good, facts) in earlier.items():
            after = verdicts.get(name, (False, "gone")) if isinstance(verdicts, dict) else (False, verdicts)
            # pyHanko wants the XMP of the *old* revision well-formed as soon as anything at all is appended: no update keeps
            # such a signature.
            inevitable = "/Metadata XML syntax could not be validated" in after[1] and malformed_metadata(original, password)
            if good and not after[0] and not inevitable:
                flips.append(f"{name}: {facts} -> {after[1]}")
    return original.name, before, reasons, flips, strict


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("originals", type=pathlib.Path)
    arguments.add_argument("sealed", type=pathlib.Path)
    arguments.add_argument("--manifest", type=pathlib.Path)
    given = arguments.parse_args()
    names = {}
    if given.manifest:
        names = {pathlib.Path(row["file"]).name: row["path"] for row in json.loads(given.manifest.read_text())}
    outcomes, times, passwords = {}, {}, {}
    listed = given.sealed / "outcomes.tsv"
    if listed.exists():
        for line in listed.read_text().splitlines():
            name, outcome, milliseconds, passwords[name] = line.split("\t")
            outcomes[name], times[name] = outcome, float(milliseconds)
    originals = sorted(given.originals.glob("*.pdf"))
    cases = []
    for original in originals:
        sealed = given.sealed / original.name
        cases.append((original, sealed if sealed.exists() else None, passwords.get(original.name)))
    with multiprocessing.Pool(2) as pool:
        results = pool.map(judge, cases, chunksize=4)

    readable = passed = lenient = unjudged = 0
    excused, failed, flips, extra = collections.Counter(), [], [], []
    for name, before, reasons, flipped, strict in results:
        shown = f"{name} ({names.get(name, '?').rsplit('/')[-1]}, qpdf {before})"
        outcome = outcomes.get(name, "refused")
        if reasons is None:
            print(f"REFUSED {shown}: {outcome}")
        flips += [f"{shown}: {what}" for what in flipped]
        if before > 1:
            if reasons is not None:
                extra.append(f"{shown}: {reasons or 'strict pass'}")
            continue
        readable += 1
        if reasons is None and outcome in EXCUSED:
            excused[EXCUSED[outcome]] += 1
        elif reasons is None:
            failed.append(f"{shown}: refused, {outcome}")
        elif reasons:
            failed.append(f"{shown}: {reasons}")
            unjudged += CANNOT_JUDGE in reasons
        else:
            passed += 1
            lenient += not strict
    for line in extra:
        print(f"UNREADABLE BY QPDF, SEALED {line}")
    for line in failed:
        print(f"FAILED {line}")
    for line in flips:
        print(f"FLIPPED {line}")
    slow = [f"{name} {milliseconds:.0f} ms" for name, milliseconds in times.items() if milliseconds > 2000]
    judged_count = readable - sum(excused.values())
    rate = 100 * passed / max(judged_count, 1)
    print(f"slower than 2 s: {slow}")
    print(f"slowest: {sorted(((t, n) for n, t in times.items()), reverse=True)[:3]}")
    print(f"files {len(results)}, readable by qpdf {readable}, excused {dict(excused)}")
    print(f"strict pass {passed} of {judged_count}: {rate:.2f} % ({lenient} read by pyHanko only leniently); flipped {len(flips)}")
    fair = 100 * passed / max(judged_count - unjudged, 1)
    print(f"without {unjudged} that pyHanko or pdfsig cannot read before either: {fair:.2f} %")
    sys.exit(0 if fair >= 98 and not flips and not slow else 1)


if __name__ == "__main__":
    main()
