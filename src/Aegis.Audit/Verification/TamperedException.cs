namespace Aegis.Audit.Verification;

/// <summary>The log is not what it was; the message names the first place.</summary>
internal sealed class TamperedException(string sentence) : Exception(sentence);
