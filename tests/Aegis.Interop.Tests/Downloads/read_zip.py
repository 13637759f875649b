"""Reads an archive to its end, which checks every CRC. Prints each wrong property, then name, length and SHA-256 of each entry."""
import hashlib
import sys
import zipfile

with zipfile.ZipFile(sys.argv[1]) as archive:
    entries = archive.infolist()
    if archive.namelist() != sorted(archive.namelist()):
        print("names are not sorted")
    for entry in entries:
        if entry.compress_type != zipfile.ZIP_STORED:
            print("not stored:", entry.filename)
        if entry.flag_bits & 0x08:
            print("data descriptor:", entry.filename)
        if entry.date_time != (1980, 1, 1, 0, 0, 0):
            print("dated:", entry.filename, entry.date_time)
    for entry in entries:
        digest = hashlib.sha256()
        with archive.open(entry) as content:
            while piece := content.read(1 << 20):
                digest.update(piece)
        print(entry.filename, entry.file_size, digest.hexdigest())
