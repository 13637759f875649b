namespace Aegis.Kernel;

/// <summary>
/// The installation cannot start with its configuration. The message names the key to set, and the host prints only the message.
/// </summary>
public sealed class StartRefusedException(string message) : InvalidOperationException(message);
