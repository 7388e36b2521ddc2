"""Reads PGM frames with zxing-cpp: python zxing_bench.py LIST TURNS."""
import importlib.metadata
import json
import resource
import sys
import time

import numpy
import zxingcpp


def load(path):
    with open(path, "rb") as file:
        _, width, height, _ = file.readline().split()
        return numpy.frombuffer(file.read(), dtype=numpy.uint8).reshape(int(height), int(width))


def main():
    paths = open(sys.argv[1], encoding="utf-8").read().split("\n")
    for path in paths:
        load(path)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    readings = []
    for path in paths:
        frame, times, texts = load(path), [], []
        for _ in range(int(sys.argv[2])):
            start = time.process_time_ns()
            found = zxingcpp.read_barcodes(frame, formats=zxingcpp.BarcodeFormat.QRCode)
            times.append((time.process_time_ns() - start) / 1e6)
            texts = [code.text for code in found]
        readings.append((texts, min(times)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    version = importlib.metadata.version("zxing-cpp")
    print(json.dumps({"version": version, "readings": readings, "peak_kib": peak}))


main()
