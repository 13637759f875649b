using System.Text;
using Aegis.Dicom.Part10;

namespace Aegis.Dicom.Deidentification;

/// <summary>
/// Codes (PS3.3 8.8): Code Value stays when it looks like a code of its public scheme, Code Meaning as the scheme itself words it.
/// The order of the attributes is value, scheme, version, meaning, long value; the value waits for its scheme.
/// </summary>
internal sealed class CodedEntries(DicomReader reader, DicomWriter writer, DroppedValues dropped)
{
    private const int MaxValueBytes = 64;

    public void Value(ItemScope scope, ReadOnlySpan<byte> value)
    {
        if (Text(value) is { } code) scope.HeldCode = code;
        else Drop();
    }

    public void Scheme(ItemScope scope, ReadOnlySpan<byte> value)
    {
        scope.Scheme = Text(value) is { } name && CodeTable.IsPublic(name) ? name : null;
        var isKnown = scope.Scheme is not null && scope.HeldCode is { } held && (held.Length == 0 || CodeTable.Has(scope.Scheme, held));
        if (isKnown)
        {
            writer.Element(Tags.CodeValue, Vr.SH, Encoding.ASCII.GetBytes(scope.HeldCode!));
            (scope.Code, scope.HeldCode) = (scope.HeldCode, null);
        }
        else DropHeld(scope);
        if (scope.Scheme is null) Drop();
        else writer.Element(reader.Tag, reader.Vr, Encoding.ASCII.GetBytes(scope.Scheme));
    }

    public void Version(ItemScope scope, ReadOnlySpan<byte> value)
    {
        if (scope.Scheme is not null && Text(value) is { } version && CodeTable.IsVersion(version)) writer.Element(reader.Tag, reader.Vr, value);
        else Drop();
    }

    public void Meaning(ItemScope scope, ReadOnlySpan<byte> value)
    {
        if (scope.Scheme is null || scope.Code is null || CodeTable.Meaning(scope.Scheme, scope.Code) is not { } meaning) Drop();
        else writer.Element(reader.Tag, reader.Vr, Encoding.ASCII.GetBytes(meaning));
    }

    public void Long(ItemScope scope, ReadOnlySpan<byte> value)
    {
        if (scope.Scheme is not null && Text(value) is { } code && CodeTable.Has(scope.Scheme, code)) writer.Element(reader.Tag, reader.Vr, value);
        else Drop();
    }

    /// <summary>A Code Value whose scheme did not follow at once is of no known scheme.</summary>
    public void DropHeld(ItemScope scope)
    {
        if (scope.HeldCode is not { } held) return;
        scope.HeldCode = null;
        writer.Element(Tags.CodeValue, Vr.SH, []);
        dropped.Count(Treatment.Empty);
        if (held.Length > 0) dropped.Name(Tags.CodeValue);
    }

    private void Drop()
    {
        writer.Element(reader.Tag, reader.Vr, []);
        if (reader.Length == 0) return;
        dropped.Count(Treatment.Empty);
        dropped.Name(reader.Tag);
    }

    // Of a list of ours or a code, so short and printable; what is longer would carry more.
    private static string? Text(ReadOnlySpan<byte> value)
    {
        if (value.Length > MaxValueBytes) return null;
        var text = value.Trim(" \0"u8);
        return text.IndexOfAnyExceptInRange((byte)0x20, (byte)0x7E) < 0 ? Encoding.ASCII.GetString(text) : null;
    }
}
