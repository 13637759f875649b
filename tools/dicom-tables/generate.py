#!/usr/bin/env python3
"""Writes the tables that Aegis.Dicom embeds, from machine-readable copies of the DICOM standard.

usage: generate.py ATTRIBUTES_JSON PROFILE_JSON OUTPUT_FOLDER
       generate.py --pydicom OUTPUT_FOLDER

ATTRIBUTES_JSON  PS3.6 chapter 6, 7 and 8: a list of {tag, keyword, valueRepresentation, valueMultiplicity}
PROFILE_JSON     PS3.15 table E.1-1: a list of {tag, basicProfile, and the option columns}
OUTPUT_FOLDER    receives attributes.tsv, profile.tsv, and from Unicode decompositions.tsv (for fingerprints of names) and
                 name-letters.tsv (for comparing names)

With --pydicom it receives uids.tsv (PS3.6 tables A-1 to A-4) and codes.tsv (the codes of PS3.16 with the meaning that their
scheme gives them), as facts from the dictionaries of the installed pydicom (Debian: /usr/bin/python3 with python3-pydicom).
"""
import json
import pathlib
import sys
import unicodedata

# Ambiguous representations get a short code. The file decides which one it is, at reading time.
AMBIGUOUS = {"US or SS": "xs", "OB or OW": "ox", "US or SS or OW": "xw", "US or OW": "xw"}

# One letter per option column of table E.1-1, in the order of the reader in ProfileTable.cs.
OPTIONS = [
    "cleanDescOpt", "rtnLongModifDatesOpt", "rtnPatCharsOpt", "rtnDevIdOpt", "rtnUIDsOpt", "rtnInstIdOpt",
]


def tag_text(tag):
    return tag.strip("()").replace(",", "").upper()


def max_values(multiplicity):
    last = multiplicity.split(" or ")[0].split("-")[-1]
    return int(last) if last.isdigit() else 0  # 0: no upper bound


def attributes(source):
    for entry in json.loads(source.read_text()):
        representation = AMBIGUOUS.get(entry["valueRepresentation"], entry["valueRepresentation"])
        if len(representation) != 2:
            continue  # delimiters, and retired tags that never had a representation
        yield f'{tag_text(entry["tag"])}\t{representation}\t{max_values(entry["valueMultiplicity"])}\t{entry["keyword"]}'


def profile(source):
    for entry in json.loads(source.read_text()):
        tag = tag_text(entry["tag"])
        if "X" in tag or "G" in tag or tag.startswith("0000"):
            continue  # curves, overlays and private attributes are handled in code; command elements are never in a file
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


# The purpose of a registered UID. Kinds that no attribute of an instance refers to are left out.
UID_KINDS = {
    "SOP Class": "class", "Meta SOP Class": "class", "Transfer Syntax": "syntax", "Well-known frame of reference": "frame",
    "Synchronization Frame of Reference": "time", "Well-known SOP Instance": "instance", "Coding Scheme": "scheme",
    "DICOM UIDs as a Coding Scheme": "scheme", "Mapping Resource": "resource",
}


def uids():
    from pydicom import __version__
    from pydicom.uid import UID_dictionary

    yield f"# UIDs that PS3.6 annex A registers, with their purpose. From pydicom {__version__}."
    for uid, entry in sorted(UID_dictionary.items()):
        if entry[1] in UID_KINDS:
            yield f"{uid}\t{UID_KINDS[entry[1]]}"


def codes():
    from pydicom import __version__
    from pydicom.sr._concepts_dict import concepts
    from pydicom.sr._snomed_dict import mapping

    yield f"# Codes of PS3.16 with their meaning in the scheme: scheme, value, meaning. From pydicom {__version__}."
    meanings = {}
    for scheme, keywords in concepts.items():
        for entry in keywords.values():
            for value, (meaning, _) in entry.items():
                # One code may be listed under several keywords; the shortest meaning fits LO.
                known = meanings.get((scheme, value))
                if known is None or (len(meaning), meaning) < (len(known), known):
                    meanings[scheme, value] = meaning
    for old, new in mapping["SRT"].items():
        if ("SCT", new) in meanings:
            meanings["SRT", old] = meanings["SCT", new]
    for (scheme, value), meaning in sorted(meanings.items()):
        if len(meaning) <= 64 and len(value) <= 16 and meaning.isascii():
            yield f"{scheme}\t{value}\t{meaning}"


def from_pydicom(folder):
    for name, lines in [("uids.tsv", uids()), ("codes.tsv", codes())]:
        (folder / name).write_text("".join(line + "\n" for line in lines), encoding="utf-8")


def main():
    if sys.argv[1] == "--pydicom":
        from_pydicom(pathlib.Path(sys.argv[2]))
        return
    attributes_json, profile_json, folder = map(pathlib.Path, sys.argv[1:])
    for name, lines in [
        ("attributes.tsv", sorted(attributes(attributes_json))),
        ("profile.tsv", sorted(profile(profile_json))),
        ("decompositions.tsv", decompositions()),
        ("name-letters.tsv", name_letters()),
    ]:
        (folder / name).write_text("".join(line + "\n" for line in lines), encoding="utf-8")


main()
