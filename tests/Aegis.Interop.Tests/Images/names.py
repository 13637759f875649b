"""Prints one JSON line for each pair of arguments, a character set and a name in hexadecimal: the groups of the name as pydicom decodes it."""
import json
import sys

from pydicom.charset import convert_encodings
from pydicom.valuerep import PersonName

arguments = sys.argv[1:]
for terms, name in zip(arguments[0::2], arguments[1::2]):
    decoded = PersonName(bytes.fromhex(name), convert_encodings(terms.split("\\"))).decode()
    print(json.dumps({"groups": str(decoded).split("=")}))
