namespace Aegis.Tests.Sessions;

/// <summary>An app with settings or a clock of its own.</summary>
public sealed class OwnAuth : IAsyncDisposable
{
    public required AuthApp Auth { get; init; }

    public static async Task<OwnAuth> Start(params (string Key, string? Value)[] settings) =>
        new() { Auth = AuthApp.On(await AegisApp.Start(settings)) };

    public async ValueTask DisposeAsync() => await Auth.DisposeAsync();
}
