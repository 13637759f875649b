namespace Aegis.Host.Sandbox;

/// <summary>Writes the address to sandbox.json once the server listens, and logs how to begin.</summary>
internal sealed class SandboxWelcome(SandboxFile file, IPublicUrl publicUrl, ILogger<SandboxWelcome> log) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        await file.WriteBaseUrl(publicUrl.Value);
        Log.SandboxReady(log, file.FullPath, $"open {publicUrl.Value}/swagger, or follow the walk-through of README.md");
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
