"""Prints one JSON line for each DICOM file: whose it is and what its pixel data is. Every element is read."""
import hashlib
import json
import sys

import pydicom

for path in sys.argv[1:]:
    data = pydicom.dcmread(path)
    elements = sum(1 for _ in data.iterall())
    pixels = data.get("PixelData")
    print(json.dumps({
        "elements": elements,
        "patientName": str(data.get("PatientName", "")),
        "patientId": str(data.get("PatientID", "")),
        "patientIdentityRemoved": str(data.get("PatientIdentityRemoved", "")),
        "pixels": None if pixels is None else len(pixels),
        "pixelsSha256": None if pixels is None else hashlib.sha256(pixels).hexdigest(),
    }))
