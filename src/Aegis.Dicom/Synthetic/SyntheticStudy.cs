using System.Security.Cryptography;

namespace Aegis.Dicom.Synthetic;

/// <summary>
/// Writes Part 10 files of a fictitious patient: CT or MR Image Storage (PS3.3 A.3, A.4) with a phantom picture
/// and the identifying attributes that a hospital would send.
/// </summary>
public sealed class SyntheticStudy(SyntheticStudySpec spec)
{
    private const string CtImage = "1.2.840.10008.5.1.4.1.1.2";
    private const string MrImage = "1.2.840.10008.5.1.4.1.1.4";
    private const double SliceSpacing = 5; // millimetres

    public string StudyUid => Uid("study");

    /// <summary>Every instance of the study, by series and number from 1.</summary>
    public IEnumerable<(int Series, int Number)> Instances =>
        from series in Enumerable.Range(1, spec.Series)
        from number in Enumerable.Range(1, spec.InstancesPerSeries)
        select (series, number);

    /// <summary>Writes series01-0001.dcm and so on into <paramref name="folder"/>, which it creates.</summary>
    public async Task WriteFolder(string folder, CancellationToken ct)
    {
        Directory.CreateDirectory(folder);
        foreach (var (series, number) in Instances)
        {
            await using var file =
                File.Create(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"series{series:D2}-{number:D4}.dcm")));
            await Write(file, series, number, ct);
        }
    }

    /// <summary>Writes one instance.</summary>
    public async Task Write(Stream destination, int series, int number, CancellationToken ct)
    {
        await WriteHead(destination, series, number, ct);
        await destination.WriteAsync(SyntheticPhantom.Draw(spec, series, number), ct);
    }

    /// <summary>Writes one instance up to its pixels. The pixel data's length is already written.</summary>
    public async Task WriteHead(Stream destination, int series, int number, CancellationToken ct)
    {
        var syntax = spec.ImplicitVr ? TransferSyntax.ImplicitLittleEndian : TransferSyntax.ExplicitLittleEndian;
        using var output = new OutputBuffer(destination);
        new FileMeta(SopClass, InstanceUid(series, number), syntax).Write(output);

        var writer = new DicomWriter(output, syntax.ExplicitVr);
        Identification(writer, series, number);
        Patient(writer);
        Acquisition(writer);
        Geometry(writer, series, number);
        Pixels(writer);
        await output.Flush(ct);
    }

    private string SopClass => spec.Modality == "MR" ? MrImage : CtImage;

    private string InstanceUid(int series, int number) => Uid(string.Create(CultureInfo.InvariantCulture, $"instance {series} {number}"));

    private void Identification(DicomWriter to, int series, int number)
    {
        Text(to, Tags.CharacterSet, Vr.CS, "ISO_IR 192");
        Text(to, Tags.ImageType, Vr.CS, spec.Modality == "MR" ? @"ORIGINAL\PRIMARY\OTHER" : @"ORIGINAL\PRIMARY\AXIAL");
        Text(to, Tags.SopClass, Vr.UI, SopClass);
        Text(to, Tags.SopInstance, Vr.UI, InstanceUid(series, number));
        Text(to, 0x0008_0020, Vr.DA, spec.StudyDate);
        Text(to, 0x0008_0021, Vr.DA, spec.StudyDate);
        Text(to, 0x0008_0022, Vr.DA, spec.StudyDate);
        Text(to, 0x0008_0023, Vr.DA, spec.StudyDate);
        Text(to, 0x0008_0030, Vr.TM, "101500");
        Text(to, 0x0008_0032, Vr.TM, "101730");
        Text(to, 0x0008_0033, Vr.TM, "101730");
        Text(to, 0x0008_0050, Vr.SH, "A-2024-0815");
        Text(to, Tags.Modality, Vr.CS, spec.Modality);
        Text(to, 0x0008_0070, Vr.LO, "Aegis");
        Text(to, 0x0008_0080, Vr.LO, "General Hospital");
        Text(to, 0x0008_0090, Vr.PN, "HOUSE^GREGORY");
        Text(to, Tags.StudyDescription, Vr.LO, $"{spec.Modality} {spec.BodyPart} WITH CONTRAST");
        Text(to, Tags.SeriesDescription, Vr.LO, "AXIAL THIN");
        Text(to, 0x0008_1090, Vr.LO, "Phantom 1");
    }

    private void Patient(DicomWriter to)
    {
        Text(to, Tags.PatientName, Vr.PN, spec.PatientName);
        Text(to, 0x0010_0020, Vr.LO, spec.PatientId);
        Text(to, Tags.PatientBirthDate, Vr.DA, spec.BirthDate);
        Text(to, 0x0010_0040, Vr.CS, spec.Sex);
        Text(to, 0x0010_1010, Vr.AS, "053Y");
    }

    private void Acquisition(DicomWriter to)
    {
        Text(to, Tags.BodyPart, Vr.CS, spec.BodyPart);
        if (spec.Modality == "MR")
        {
            Text(to, 0x0018_0020, Vr.CS, "SE");
            Text(to, 0x0018_0021, Vr.CS, "NONE");
            Text(to, 0x0018_0022, Vr.CS, "");
            Text(to, 0x0018_0023, Vr.CS, "2D");
        }
        Text(to, 0x0018_0050, Vr.DS, Number(SliceSpacing));
        if (spec.Modality == "MR")
        {
            Text(to, 0x0018_0080, Vr.DS, "500");
            Text(to, 0x0018_0081, Vr.DS, "15");
            Text(to, 0x0018_0091, Vr.IS, "1");
        }
        else Text(to, 0x0018_0060, Vr.DS, "120");
        Text(to, 0x0018_1000, Vr.LO, "SN-314159");
        Text(to, 0x0018_5100, Vr.CS, "HFS");
    }

    private void Geometry(DicomWriter to, int series, int number)
    {
        var position = Number((number - 1) * SliceSpacing);
        Text(to, Tags.StudyInstance, Vr.UI, StudyUid);
        Text(to, Tags.SeriesInstance, Vr.UI, Uid(string.Create(CultureInfo.InvariantCulture, $"series {series}")));
        Text(to, 0x0020_0010, Vr.SH, "1");
        Text(to, 0x0020_0011, Vr.IS, Number(series));
        Text(to, 0x0020_0012, Vr.IS, "1");
        Text(to, 0x0020_0013, Vr.IS, Number(number));
        Text(to, 0x0020_0032, Vr.DS, $@"-125\-125\{position}");
        Text(to, 0x0020_0037, Vr.DS, @"1\0\0\0\1\0");
        Text(to, 0x0020_0052, Vr.UI, Uid("frame of reference"));
        Text(to, 0x0020_1040, Vr.LO, "");
        Text(to, 0x0020_1041, Vr.DS, position);
    }

    private void Pixels(DicomWriter to)
    {
        Short(to, 0x0028_0002, 1);
        Text(to, 0x0028_0004, Vr.CS, "MONOCHROME2");
        Short(to, 0x0028_0010, spec.Rows);
        Short(to, 0x0028_0011, spec.Columns);
        Text(to, 0x0028_0030, Vr.DS, @"0.9765625\0.9765625");
        Short(to, 0x0028_0100, 16);
        Short(to, 0x0028_0101, 16);
        Short(to, 0x0028_0102, 15);
        Short(to, Tags.PixelRepresentation, 0);
        Text(to, Tags.BurnedInAnnotation, Vr.CS, "NO");
        Text(to, 0x0028_1050, Vr.DS, "40");
        Text(to, 0x0028_1051, Vr.DS, "400");
        if (spec.Modality != "MR")
        {
            Text(to, 0x0028_1052, Vr.DS, Number(SyntheticPhantom.Intercept));
            Text(to, 0x0028_1053, Vr.DS, "1");
            Text(to, 0x0028_1054, Vr.LO, "HU");
        }
        to.Header(Tags.PixelData, Vr.OW, (uint)(spec.Rows * spec.Columns * sizeof(ushort)));
    }

    private string Uid(string of)
    {
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"synthetic {spec.Seed} {of}")));
        return "2.25." + BinaryPrimitives.ReadUInt128BigEndian(digest).ToString(CultureInfo.InvariantCulture);
    }

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);

    private static void Text(DicomWriter to, uint tag, Vr vr, string value) => to.Element(tag, vr, Encoding.UTF8.GetBytes(value));

    private static void Short(DicomWriter to, uint tag, int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)value);
        to.Element(tag, Vr.US, bytes);
    }
}
