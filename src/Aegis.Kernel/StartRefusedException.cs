namespace Aegis.Kernel;

/// <summary>
/// The installation cannot start as it is configured. The message names the key to set; the host prints it and nothing else.
/// </summary>
public sealed class StartRefusedException(string message) : InvalidOperationException(message);
