using System.Diagnostics;

namespace Aegis.Vault.Rotation;

/// <summary>
/// Writes each point that a rotation reaches to the diagnostic source <c>Aegis.Vault.Rotation</c>, for tools that trace it. Crash tests
/// attach to it from outside and end the process there. Nothing is written while nobody listens, and never a value.
/// </summary>
internal static class RotationPoints
{
    private static readonly DiagnosticListener Source = new("Aegis.Vault.Rotation");

    /// <param name="point">A step and what of it was done: <c>set.before</c>, <c>set.after</c>, <c>test.saved</c>.</param>
    public static void Reached(string point)
    {
        if (Source.IsEnabled(point)) Source.Write<object?>(point, null);
    }
}
