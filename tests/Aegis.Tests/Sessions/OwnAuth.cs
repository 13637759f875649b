namespace Aegis.Tests.Sessions;

/// <summary>A separate app, for tests that need their own settings or clock.</summary>
public sealed class OwnAuth : IAsyncDisposable
{
    public required AuthApp Auth { get; init; }

    public static async Task<OwnAuth> Start(params (string Key, string? Value)[] settings) =>
        new() { Auth = AuthApp.On(await AegisApp.Start(settings)) };

    public async ValueTask DisposeAsync() => await Auth.DisposeAsync();
}
