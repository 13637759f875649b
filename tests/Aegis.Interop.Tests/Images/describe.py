"""Prints one JSON line for each DICOM file: whose it is and what its pixel data is. Every element is read."""
import array
import hashlib
import json
import sys

import pydicom



def little_endian(data):
    """The bytes of the pixel data as they are in a little endian file, which is what the exchange writes."""
    element = data.get((0x7FE0, 0x0010))
    if element is None or data.is_little_endian or element.VR != "OW":
        return data.get("PixelData")
    words = array.array("H", element.value)
    words.byteswap()
    return words.tobytes()


for path in sys.argv[1:]:
    data = pydicom.dcmread(path)
    elements = sum(1 for _ in data.iterall())
    pixels = little_endian(data)
    print(json.dumps({
        "elements": elements,
        "patientName": str(data.get("PatientName", "")),
        "patientId": str(data.get("PatientID", "")),
        "patientIdentityRemoved": str(data.get("PatientIdentityRemoved", "")),
        "pixels": None if pixels is None else len(pixels),
        "pixelsSha256": None if pixels is None else hashlib.sha256(pixels).hexdigest(),
    }))
