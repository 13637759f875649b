using System.Diagnostics;
using Microsoft.Extensions.Configuration;

namespace Aegis.Vault.Rotation;

/// <summary>
/// Ends the process at a named point of a rotation, as a kill would: <c>Vault:ExitAt</c>, for tests of crashes only. Production refuses to start with it.
/// </summary>
internal sealed class ExitSwitch(IConfiguration configuration)
{
    public const string Setting = "Vault:ExitAt";

    private readonly string? point = configuration[Setting];

    public void At(string passed)
    {
        if (point != passed) return;
        using var self = Process.GetCurrentProcess();
        self.Kill(); // no handler, no flush
        self.WaitForExit();
    }
}
