using Aegis.Kernel.Sealing.Rewrapping;

namespace Aegis.Host.Startup;

/// <summary>
/// <c>rotate-kek</c>: adds a key-encryption key, rewraps all values under it, shows the progress, and retires an old key.
/// </summary>
internal static class RotateKek
{
    public const string Command = "rotate-kek";
    public const string Status = "--status";
    public const string Resume = "--resume";
    public const string Retire = "--retire";

    public static async Task<int> Run(WebApplication app, string[] args, ServerOptions options, DatabaseOptions database)
    {
        await app.Prepare(options, database, CancellationToken.None);
        var services = app.Services;
        var ring = services.GetRequiredService<KeyRing>();
        var values = services.GetRequiredService<SealedValues>();
        if (args.Contains(Status)) return await Show(ring, values);
        if (Commands.OptionOf(args, Retire) is { } keyId) return await Destroy(services.GetRequiredService<KeyRetirement>(), keyId);
        if (!args.Contains(Resume) && !Add(ring, services.GetRequiredService<RecoveryCopies>())) return 0;

        var rewrapped = await values.Rewrap(CancellationToken.None);
        Console.Out.WriteLine($"Rewrapped {rewrapped} sealed values.");
        return await Show(ring, values);
    }

    /// <summary>Adds a key. Returns false when an operator must add it.</summary>
    private static bool Add(KeyRing ring, RecoveryCopies copies)
    {
        if (ring.IsWritable)
        {
            var added = ring.Add();
            copies.WriteMissing([added]);
            Console.Out.WriteLine($"Added the key {added.Id} to the ring {ring.Id}. Keep a copy of it with the copy of the ring.");
            return true;
        }

        var key = KeyRing.NewKey(TimeProvider.System.GetUtcNow());
        Console.Error.WriteLine($"""
            The ring is in {KeyOptions.Variable}, which only you can change. A new key follows. Keep it secret.
              1. Add it to "keys" and set "seal" to "{ring.Newest.Id}". Restart every host. Now all can open values sealed with it.
              2. Remove "seal" and restart every host. Now the new key seals.
              3. Run: Aegis.Host rotate-kek --resume
            """);
        Console.Out.WriteLine($"\"{key.Id}\":\"{Convert.ToBase64String(key.Bytes)}\"");
        return false;
    }

    private static async Task<int> Show(KeyRing ring, SealedValues values)
    {
        var counts = await values.Count(CancellationToken.None);
        var width = counts.Max(c => c.Column.Length);
        foreach (var count in counts)
        {
            var old = count.Under.Where(u => u.Key != ring.Newest.Id && u.Value > 0).Select(u => $"{u.Value} under {u.Key}");
            var lost = count.Lost > 0 ? [$"{count.Lost} under keys that are not in the ring"] : Array.Empty<string>();
            Console.Out.WriteLine(
                $"{count.Column.PadRight(width)}  {count.Under[ring.Newest.Id]} of {count.Total} under "
                    + $"{ring.Newest.Id}{string.Concat(old.Concat(lost).Select(o => $"; {o}"))}");
        }

        foreach (var key in ring.Keys.SkipLast(1))
        {
            Console.Out.WriteLine(counts.Any(c => c.Under[key.Id] > 0)
                ? $"{key.Id} is still needed."
                : $"{key.Id} is no longer needed. To destroy it: Aegis.Host {Command} {Retire} {key.Id}");
        }

        return 0;
    }

    private static async Task<int> Destroy(KeyRetirement retirement, string keyId)
    {
        if (await retirement.Retire(keyId, CancellationToken.None) is { } obstacle)
        {
            Console.Error.WriteLine(obstacle);
            return 1;
        }

        Console.Out.WriteLine(
            $"Destroyed {keyId}. Values sealed under it can no longer be opened, including those in backups from before its rotation. "
                + "Destroy its copies too.");
        return 0;
    }
}
