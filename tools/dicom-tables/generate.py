#!/usr/bin/env python3
"""Writes the tables Aegis.Dicom embeds from machine-readable copies of the DICOM standard.

usage: generate.py ATTRIBUTES_JSON PROFILE_JSON OUTPUT_FOLDER

ATTRIBUTES_JSON  PS3.6 chapter 6, 7 and 8: a list of {tag, keyword, valueRepresentation, valueMultiplicity}
PROFILE_JSON     PS3.15 table E.1-1: a list of {tag, basicProfile, and the option columns}
OUTPUT_FOLDER    receives attributes.tsv, profile.tsv, and from Unicode decompositions.tsv (for fingerprints of names) and
                 name-letters.tsv (for comparing names)
"""
import json
import pathlib
import sys
import unicodedata

# Ambiguous representations get a short code; which one it is depends on the file and is decided when reading.
AMBIGUOUS = {"US or SS": "xs", "OB or OW": "ox", "US or SS or OW": "xw", "US or OW": "xw"}

# One letter per option column of table E.1-1, in the order of the reader in ProfileTable.cs.
OPTIONS = [
    "cleanDescOpt", "rtnLongModifDatesOpt", "rtnPatCharsOpt", "rtnDevIdOpt", "rtnUIDsOpt", "rtnInstIdOpt",
]


def tag_text(tag):
    return tag.strip("()").replace(",", "").upper()


def most_values(multiplicity):
    last = multiplicity.split(" or ")[0].split("-")[-1]
    return int(last) if last.isdigit() else 0  # 0: without an upper bound


def attributes(source):
    for entry in json.loads(source.read_text()):
        representation = AMBIGUOUS.get(entry["valueRepresentation"], entry["valueRepresentation"])
        if len(representation) != 2:
            continue  # delimiters, and retired tags that never had a representation
        yield f'{tag_text(entry["tag"])}\t{representation}\t{most_values(entry["valueMultiplicity"])}\t{entry["keyword"]}'


def profile(source):
    for entry in json.loads(source.read_text()):
        tag = tag_text(entry["tag"])
        if "X" in tag or "G" in tag or tag.startswith("0000"):
            continue  # curves, overlays and private attributes are rules in code; commands are never in a file
        columns = "".join(entry.get(option, "-") for option in OPTIONS)
        yield f'{tag}\t{entry["basicProfile"]}\t{columns}'


def decompositions():
    """Letters whose NFKD form is another letter: Latin with marks, ligatures, full width forms."""
    for code in [*range(0xA0, 0x250), *range(0x1E00, 0x1F00), *range(0xFB00, 0xFB07), *range(0xFF21, 0xFF5B)]:
        letters = "".join(c for c in unicodedata.normalize("NFKD", chr(code)) if unicodedata.category(c).startswith("L"))
        if letters and letters != chr(code):
            yield f"{code:04X}\t{letters}"


def name_letters():
    """NFKD of every character of the basic plane that has one, marks included. Hangul is arithmetic and done in code."""
    for code in range(0xA0, 0x10000):
        whole = chr(code)
        if 0xAC00 <= code <= 0xD7A3 or 0xD800 <= code <= 0xDFFF:
            continue
        parts = unicodedata.normalize("NFKD", whole)
        if parts != whole and any(unicodedata.category(c)[0] in "LM" for c in parts):
            yield f"{code:04X}\t{' '.join(f'{ord(c):04X}' for c in parts)}"


def main():
    attributes_json, profile_json, folder = map(pathlib.Path, sys.argv[1:])
    for name, lines in [
        ("attributes.tsv", sorted(attributes(attributes_json))),
        ("profile.tsv", sorted(profile(profile_json))),
        ("decompositions.tsv", decompositions()),
        ("name-letters.tsv", name_letters()),
    ]:
        (folder / name).write_text("".join(line + "\n" for line in lines), encoding="utf-8")


main()
