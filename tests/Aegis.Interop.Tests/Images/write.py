"""Writes variants of an image with pydicom that are legal but rare. Usage: write.py image variant target"""
import sys

import pydicom
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate, encapsulate_extended
from pydicom.sequence import Sequence
from pydicom.uid import (DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian,
                         RLELossless)


def syntax(data, uid):
    data.file_meta.TransferSyntaxUID = uid
    data.is_little_endian = uid != ExplicitVRBigEndian
    data.is_implicit_VR = uid == ImplicitVRLittleEndian


def big_endian(data):
    words = bytearray(data.PixelData)
    words[0::2], words[1::2] = words[1::2], words[0::2]
    data.PixelData = bytes(words)
    syntax(data, ExplicitVRBigEndian)


def private(data):
    """Private and unknown attributes at every depth, sequences of both lengths, empty values."""
    def block(owner):
        owner.add_new(0x00990010, "LO", "NEEDLE")
        owner.add_new(0x00991001, "LO", "NEEDLE^NAME")
        owner.add_new(0x00991002, "UN", b"NEEDLE")
        return owner
    inner = block(Dataset())
    inner.PatientName = "NEEDLE^NAME"
    outer = block(Dataset())
    outer.add_new(0x00991003, "SQ", Sequence([inner]))
    block(data).add_new(0x00991003, "SQ", Sequence([outer, Dataset()]))
    data[0x00991003].is_undefined_length = True
    data.add_new(0x00187770, "LO", "NEEDLE")
    data.ReferencedImageSequence = Sequence([block(Dataset())])
    data.ImageComments = ""
    data.SourceImageSequence = Sequence([])


def frames(data, count=3):
    data.NumberOfFrames = count
    data.file_meta.TransferSyntaxUID = RLELossless
    plain = data.PixelData
    data.compress(RLELossless, plain, encoding_plugin="pydicom")
    frame = next(pydicom.encaps.generate_pixel_data_frame(data.PixelData))
    return [frame + b"\0" * (len(frame) % 2)] * count


def multi_frame(data):
    data.PixelData = encapsulate(frames(data), has_bot=True)


def fragmented(data):
    data.PixelData = encapsulate(frames(data), fragments_per_frame=2, has_bot=True)


def without_table(data):
    data.PixelData = encapsulate(frames(data), has_bot=False)


def extended_table(data):
    data.PixelData, data.ExtendedOffsetTable, data.ExtendedOffsetTableLengths = encapsulate_extended(frames(data))


image, variant, target = sys.argv[1:]
data = pydicom.dcmread(image)
if variant == "big":
    big_endian(data)
elif variant == "big_private":
    private(data)
    big_endian(data)
elif variant.endswith("private"):
    private(data)
    syntax(data, {"implicit": ImplicitVRLittleEndian, "explicit": ExplicitVRLittleEndian, "deflated": DeflatedExplicitVRLittleEndian}[variant.split("_")[0]])
elif variant == "deflated":
    syntax(data, DeflatedExplicitVRLittleEndian)
else:
    {"multi_frame": multi_frame, "fragmented": fragmented, "without_table": without_table, "extended_table": extended_table}[variant](data)
data.save_as(target, write_like_original=False)
