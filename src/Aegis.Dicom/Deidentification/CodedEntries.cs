namespace Aegis.Dicom.Deidentification;

/// <summary>
/// Treats codes (PS3.3 8.8). Code Value stays when it looks like a code of its public scheme. Code Meaning is rewritten to the
/// scheme's own wording. The attributes come in the order value, scheme, version, meaning, long value, so the value waits for its scheme.
/// </summary>
internal sealed class CodedEntries(DicomReader reader, DicomWriter writer, DroppedValues dropped, RepeatedIdentity identity)
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

    /// <summary>Empties a Code Value that no scheme follows.</summary>
    public void DropHeld(ItemScope scope)
    {
        if (scope.HeldCode is not { } held) return;
        scope.HeldCode = null;
        writer.Element(Tags.CodeValue, Vr.SH, []);
        dropped.Count(Treatment.Empty);
        if (held.Length > 0) dropped.Report(Tags.CodeValue);
    }

    // A birth date can look like a numeric code, and a name like a language code. Codes that the table lists are safe.
    private bool Stays(uint tag, string scheme, string code) =>
        CodeTable.Meaning(scheme, code) is not null || (CodeTable.Has(scheme, code) && !identity.IsIn(tag, Encoding.ASCII.GetBytes(code)));

    private void Write(uint tag, Vr vr, string scheme, string code)
    {
        writer.Element(tag, vr, Encoding.ASCII.GetBytes(code));
        if (CodeTable.Meaning(scheme, code) is null) identity.Wrote(tag, code.Length);
    }

    private void Drop()
    {
        writer.Element(reader.Tag, reader.Vr, []);
        if (reader.Length == 0) return;
        dropped.Count(Treatment.Empty);
        dropped.Report(reader.Tag);
    }

    // Codes and schemes are short and printable. A longer value could carry more than a code.
    private static string? Text(ReadOnlySpan<byte> value)
    {
        if (value.Length > MaxValueBytes) return null;
        var text = value.Trim(" \0"u8);
        return text.IndexOfAnyExceptInRange((byte)0x20, (byte)0x7E) < 0 ? Encoding.ASCII.GetString(text) : null;
    }
}
