using System.Text.Encodings.Web;
using Aegis.Contracts.Sandbox;

namespace Aegis.Host.Sandbox;

/// <summary>The content of sandbox.json.</summary>
/// <param name="BaseUrl">The address of the running host.</param>
/// <param name="Keys">API keys by role: provider, consumer, outsider, operator, admin.</param>
/// <param name="Users">The sandbox's users.</param>
/// <param name="Studies">Folders of Part 10 files, relative to DataDirectory, DOE^JANE's first.</param>
internal sealed record SandboxContent(
    string BaseUrl, IReadOnlyDictionary<string, string> Keys, IReadOnlyList<SandboxUser> Users, IReadOnlyList<string> Studies);

/// <summary>Reads and writes <c>{DataDirectory}/sandbox.json</c>, mode 0600.</summary>
internal sealed class SandboxFile(DatabaseOptions database)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public string FullPath => Path.Combine(database.DataDirectory, "sandbox.json");

    public bool Exists => File.Exists(FullPath);

    public void Write(SandboxContent content) => PrivateFile.Write(FullPath, JsonSerializer.Serialize(content, Options));

    /// <summary>Updates the address in the file and nothing else.</summary>
    public async Task WriteBaseUrl(string baseUrl)
    {
        var content = JsonSerializer.Deserialize<SandboxContent>(await File.ReadAllTextAsync(FullPath), Options)
            ?? throw new InvalidOperationException($"{FullPath} is damaged. Delete it, and the next start issues new keys.");
        if (content.BaseUrl != baseUrl) Write(content with { BaseUrl = baseUrl });
    }
}
