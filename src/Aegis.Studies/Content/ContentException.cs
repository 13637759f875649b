namespace Aegis.Studies.Content;

/// <summary>
/// An upload that cannot be accepted. The code is stable and the message is a sentence for a person. The message never contains
/// anything from the upload, because names of files and entries may be names of patients.
/// </summary>
internal sealed class ContentException(string code, string message) : Exception(message)
{
    public string Code { get; } = code;
}
