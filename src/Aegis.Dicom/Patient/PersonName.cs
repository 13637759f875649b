namespace Aegis.Dicom.Patient;

/// <summary>One group of a person name (PS3.5 6.2.1). Prefix and suffix are ignored, because they are not compared.</summary>
/// <param name="Family">Family name; null when there is none.</param>
/// <param name="Given">Given name and middle name; null when there are none.</param>
internal sealed record PersonName(string? Family, string? Given)
{
    public static PersonName Parse(string group)
    {
        // People write "Doe, Jane". A second comma is followed by a title.
        var parts = group.Contains('^', StringComparison.Ordinal) ? group.Split('^') : group.Split(',');
        if (parts.Length == 1) return new(Present(parts[0]), null);
        var middle = parts.Length > 2 && group.Contains('^', StringComparison.Ordinal) ? parts[2] : "";
        return new(Present(parts[0]), Present($"{parts[1].Trim(' ', '\0')} {middle}"));
    }

    public override string ToString() => "***";

    private static string? Present(string part) => string.IsNullOrWhiteSpace(part) ? null : part.Trim(' ', '\0');
}
