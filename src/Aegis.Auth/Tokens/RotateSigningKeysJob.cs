using Aegis.Kernel.Jobs;

namespace Aegis.Auth.Tokens;

/// <summary>Prepares the next signing key before the one at work retires, and deletes what is long over.</summary>
internal sealed class RotateSigningKeysJob(SigningKeyRotation rotation) : IRecurringJob
{
    public static string Name => "auth.rotate-signing-keys";

    public static string Cron => "0 41 * * * ?";

    public async Task Run(CancellationToken ct)
    {
        await rotation.Prepare(ct);
        await rotation.Sweep(ct);
    }
}
