namespace Aegis.Cli.Profiles;

/// <summary>
/// Reads and writes <c>~/.aegis/auth.json</c>. <see cref="StoreKeys"/> chooses the key, <see cref="SealedFile"/> encrypts, and
/// <see cref="PrivateFile"/> replaces the file in one step. A lock file keeps other processes out while a profile changes. It fails
/// when the key is missing; a damaged file is renamed and reported.
/// </summary>
internal sealed class ProfileStore(CommandEnvironment around, StoreKeys keys)
{
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(60); // a refresh over a slow network
    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(20);

    private string PathOfFile => Path.Combine(around.Folder, "auth.json");

    /// <summary>Reads all profiles. A damaged file is renamed and reported. A missing key stops the command.</summary>
    public async Task<ProfileSet> ReadAsync(CancellationToken ct)
    {
        if (ReadFile() is not { } file) return new ProfileSet();
        var key = await keys.FindAsync(file.KeySource, ct)
            ?? throw new StoppedException(ExitCodes.NotAuthenticated, Missing(file.KeySource));
        if (!file.IsOf(key))
            throw new StoppedException(
                ExitCodes.NotAuthenticated, $"{PathOfFile} was written with another key ({file.KeySource}). {Remedy}");
        try
        {
            return file.Open(key);
        }
        catch (Exception damaged) when (damaged is CryptographicException or JsonException)
        {
            SetAside("is damaged");
            return new ProfileSet();
        }
    }

    /// <summary>Changes the profiles under a lock against other processes.</summary>
    /// <param name="change">Makes the new profiles from the current ones.</param>
    /// <param name="isLogin">A login chooses a new key, and replaces a file whose key is missing. All other changes keep the
    /// key.</param>
    /// <param name="ct">Cancels waiting.</param>
    public async Task<ProfileSet> ChangeAsync(Func<ProfileSet, Task<ProfileSet>> change, bool isLogin, CancellationToken ct)
    {
        await using var held = await LockAsync(ct);
        var before = await ReadForChangeAsync(isLogin, ct);
        var after = await change(before);
        if (ReferenceEquals(after, before)) return after;
        var (source, key) = await KeyForAsync(isLogin, ct);
        if (isLogin && source == StoreKeys.Machine && ReadFile()?.KeySource != StoreKeys.Machine)
            around.Error.WriteLine(
                "! No system keyring and no AEGIS_AUTH_KEY: the session is encrypted with a weaker key, derived from this machine.");
        PrivateFile.Write(PathOfFile,
            JsonSerializer.SerializeToUtf8Bytes(SealedFile.Seal(after, source, key), ProfileJson.Default.SealedFile));
        return after;
    }

    private const string Remedy = "Log in again to replace it: aegis auth login";

    private async Task<ProfileSet> ReadForChangeAsync(bool isLogin, CancellationToken ct)
    {
        try
        {
            return await ReadAsync(ct);
        }
        catch (StoppedException) when (isLogin)
        {
            SetAside("cannot be opened");
            return new ProfileSet();
        }
    }

    private async Task<(string Source, byte[] Key)> KeyForAsync(bool isLogin, CancellationToken ct)
    {
        if (!isLogin && ReadFile() is { } file && await keys.FindAsync(file.KeySource, ct) is { } same) return (file.KeySource, same);
        return await keys.ChooseAsync(ct);
    }

    private SealedFile? ReadFile()
    {
        if (!File.Exists(PathOfFile)) return null;
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(PathOfFile), ProfileJson.Default.SealedFile);
        }
        catch (JsonException)
        {
            SetAside("is damaged");
            return null;
        }
    }

    private void SetAside(string why)
    {
        var aside = $"{PathOfFile}.damaged-{around.Clock.GetUtcNow().ToString("yyyyMMddHHmmssfff", CultureInfo.InvariantCulture)}";
        File.Move(PathOfFile, aside, overwrite: true);
        around.Error.WriteLine($"! {PathOfFile} {why}. It was renamed to {aside}.");
    }

    private static string Missing(string source) => source switch
    {
        StoreKeys.Keyring => $"The session's key is in the system keyring, which does not answer. Unlock it, or run: aegis auth login",
        StoreKeys.Variable => "The session is encrypted with AEGIS_AUTH_KEY. Set that variable.",
        _ => $"The key of the session is missing. {Remedy}",
    };

    /// <summary>The operating system releases the lock when the process ends, even after a crash.</summary>
    private async Task<FileStream> LockAsync(CancellationToken ct)
    {
        PrivateFile.CreateFolder(around.Folder);
        var begun = around.Clock.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(Path.Combine(around.Folder, "auth.lock"), PrivateFile.NewFile(FileMode.OpenOrCreate, FileShare.None));
            }
            catch (IOException) when (around.Clock.GetElapsedTime(begun) < LockPatience)
            {
                await Task.Delay(LockPause, ct);
            }
        }
    }
}
