namespace Aegis.Studies.Content;

/// <summary>
/// An upload that cannot be taken. The code is stable, the message a sentence for a human; it never holds anything from the
/// upload, since names of files and entries may be names of patients.
/// </summary>
internal sealed class ContentException(string code, string message) : Exception(message)
{
    public string Code { get; } = code;
}
