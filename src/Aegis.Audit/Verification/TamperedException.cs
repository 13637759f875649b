namespace Aegis.Audit.Verification;

/// <summary>The log was changed. The message names the first difference.</summary>
internal sealed class TamperedException(string message) : Exception(message);
