"""Prints one JSON line for each DICOM file: the patient and the pixel data. Every element is read."""
import array
import hashlib
import json
import os
import subprocess
import sys
import tempfile

import pydicom



def decoded(path, data):
    """The data set decompressed by gdcm, because bytes that are not decoded may have been overwritten; else unchanged."""
    if "PixelData" not in data or not data.file_meta.TransferSyntaxUID.is_compressed:
        return data
    with tempfile.TemporaryDirectory() as folder:
        plain = os.path.join(folder, "plain.dcm")
        try:
            done = subprocess.run(["gdcmconv", "--raw", path, plain], capture_output=True, check=False)
        except FileNotFoundError:
            return data
        return pydicom.dcmread(plain) if done.returncode == 0 and os.path.exists(plain) else data


def little_endian(data):
    """The bytes of the picture as in a little endian file, which is what the exchange writes."""
    element = data.get((0x7FE0, 0x0010))
    if element is None:
        return None
    pixels = element.value
    if not data.is_little_endian and element.VR == "OW":
        words = array.array("H", pixels)
        words.byteswap()
        pixels = words.tobytes()
    if data.file_meta.TransferSyntaxUID.is_compressed or not data.get("Rows"):
        return pixels
    samples = 2 if "_422" in data.get("PhotometricInterpretation", "") else data.get("SamplesPerPixel", 1)
    bits = data.Rows * data.Columns * samples * int(data.get("NumberOfFrames") or 1) * data.BitsAllocated
    return pixels[: (bits + 7) // 8]  # readers use no more bytes


for path in sys.argv[1:]:
    data = pydicom.dcmread(path)
    elements = sum(1 for _ in data.iterall())
    pixels = little_endian(decoded(path, data))
    print(json.dumps({
        "elements": elements,
        "patientName": str(data.get("PatientName", "")),
        "patientId": str(data.get("PatientID", "")),
        "patientIdentityRemoved": str(data.get("PatientIdentityRemoved", "")),
        "pixels": None if pixels is None else len(pixels),
        "pixelsSha256": None if pixels is None else hashlib.sha256(pixels).hexdigest(),
    }))
