namespace Aegis.Dicom.Deidentification;

/// <summary>
/// Codes (PS3.3 8.8): Code Value stays when it looks like a code of its public scheme, Code Meaning as the scheme itself words it.
/// The order of the attributes is value, scheme, version, meaning, long value; the value waits for its scheme.
/// </summary>
internal sealed class CodedEntries(DicomReader reader, DicomWriter writer, DroppedValues dropped, OwnIdentity own)
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
        if (scope.Scheme is not null && scope.HeldCode is { } held && (held.Length == 0 || Stays(Tags.CodeValue, scope.Scheme, held)))
        {
            Write(Tags.CodeValue, Vr.SH, scope.Scheme, held);
            (scope.Code, scope.HeldCode) = (held, null);
        }
        else DropHeld(scope);
        if (scope.Scheme is null) Drop();
        else writer.Element(reader.Tag, reader.Vr, Encoding.ASCII.GetBytes(scope.Scheme));
    }

    public void Version(ItemScope scope, ReadOnlySpan<byte> value)
    {
        if (scope.Scheme is not null && Text(value) is { } version && CodeTable.IsVersion(version))
            writer.Element(reader.Tag, reader.Vr, value);
        else Drop();
    }

    public void Meaning(ItemScope scope, ReadOnlySpan<byte> value)
    {
        if (scope.Scheme is null || scope.Code is null || CodeTable.Meaning(scope.Scheme, scope.Code) is not { } meaning) Drop();
        else writer.Element(reader.Tag, reader.Vr, Encoding.ASCII.GetBytes(meaning));
    }

    public void Long(ItemScope scope, ReadOnlySpan<byte> value)
    {
        if (scope.Scheme is not null && Text(value) is { } code && Stays(reader.Tag, scope.Scheme, code))
            Write(reader.Tag, reader.Vr, scope.Scheme, code);
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

    // A date of birth looks like a code of a scheme that numbers its codes, a name like a language. What the scheme itself has is its own.
    private bool Stays(uint tag, string scheme, string code) =>
        CodeTable.Meaning(scheme, code) is not null || (CodeTable.Has(scheme, code) && !own.IsIn(tag, Encoding.ASCII.GetBytes(code)));

    private void Write(uint tag, Vr vr, string scheme, string code)
    {
        writer.Element(tag, vr, Encoding.ASCII.GetBytes(code));
        if (CodeTable.Meaning(scheme, code) is null) own.Wrote(tag, code.Length);
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
