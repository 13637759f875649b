"""Packs files into a folder of a zip whose entries have zip64 sizes, with the extra files of a Mac. Usage: zip64.py target files..."""
import sys
import zipfile

with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as archive:
    archive.writestr(zipfile.ZipInfo("study/"), b"")
    archive.writestr("study/.DS_Store", b"\0\0\0\1Bud1")
    for number, path in enumerate(sys.argv[2:]):
        with open(path, "rb") as source, archive.open(zipfile.ZipInfo(f"study/{number}"), "w", force_zip64=True) as entry:
            entry.write(source.read())
        archive.writestr(f"__MACOSX/study/._{number}", b"\0\5\x16\7\0\2\0\0Mac OS X        ")
