namespace Aegis.Tests.Studies.Transfers;

/// <summary>An app with a clock and data for one test only.</summary>
internal sealed class OwnApp : IAsyncDisposable
{
    private OwnApp(AegisApp app) => App = app;

    public AegisApp App { get; }

    public static async Task<OwnApp> Start(params (string Key, string? Value)[] settings) => new(await AegisApp.Start(settings));

    public async ValueTask DisposeAsync() => await App.DisposeAsync();
}
