using System.Diagnostics;
using Microsoft.Extensions.Configuration;

namespace Aegis.Vault.Rotation;

/// <summary>
/// Ends the process at a named point of a rotation, as a kill would: <c>Vault:ExitAt</c>, for tests of crashes only. Production refuses to
/// start with it. With <c>Vault:ExitWith</c> the first rotations wait at the point until so many have come there, so that one kill catches
/// all of them.
/// </summary>
internal sealed class ExitSwitch(IConfiguration configuration)
{
    public const string Setting = "Vault:ExitAt";

    private readonly string? point = configuration[Setting];
    private readonly int together = configuration.GetValue("Vault:ExitWith", 1);
    private int come;

    public void At(string passed)
    {
        if (point != passed) return;
        if (Interlocked.Increment(ref come) < together) Thread.CurrentThread.Join(); // itself: for ever
        using var self = Process.GetCurrentProcess();
        self.Kill(); // no handler, no flush
        self.WaitForExit();
    }
}
