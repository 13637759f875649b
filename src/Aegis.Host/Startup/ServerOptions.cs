namespace Aegis.Host.Startup;

/// <summary>The host's own options.</summary>
/// <param name="IsProduction">True in the environment Production.</param>
/// <param name="SandboxEnabled">Fill an empty database with synthetic data; never in Production.</param>
/// <param name="AllowPlain">Accept plain HTTP from other machines in Production, behind a proxy that ends TLS.</param>
/// <param name="TrustedProxies">Addresses or networks whose forwarded headers are used.</param>
/// <param name="DocsPublic">Serve the API description at /swagger.</param>
internal sealed record ServerOptions(
    bool IsProduction, bool SandboxEnabled, bool AllowPlain, IReadOnlyList<string> TrustedProxies, bool DocsPublic)
{
    /// <summary>Reads and validates the configuration. Each error message names the key to set.</summary>
    public static ServerOptions From(IConfiguration configuration, IHostEnvironment environment)
    {
        var production = environment.IsProduction();
        var sandbox = configuration.GetValue<bool?>("Sandbox:Enabled") ?? environment.IsDevelopment();
        if (production && sandbox)
            throw new StartRefusedException("Set Sandbox:Enabled to false in Production. Its keys and data are only for development.");
        if (production && string.IsNullOrEmpty(configuration["PublicUrl"]))
            throw new StartRefusedException("Set PublicUrl to the https address at which clients reach Aegis.");
        if (production && string.IsNullOrEmpty(configuration.GetConnectionString("Aegis")))
            throw new StartRefusedException("Set ConnectionStrings:Aegis to the connection string of the database.");
        if (configuration["PublicUrl"] is { Length: > 0 } url && !Uri.TryCreate(url, UriKind.Absolute, out _))
            throw new StartRefusedException("PublicUrl must be an absolute address, for example https://aegis.example.org.");

        return new ServerOptions(
            production, sandbox, configuration.GetValue<bool>("Http:AllowPlain"),
            configuration.GetSection("TrustedProxies").Get<string[]>() ?? [], configuration.GetValue("Docs:Public", true));
    }
}
