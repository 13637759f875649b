namespace Aegis.Host.Startup;

/// <summary>What the host itself is told.</summary>
/// <param name="IsProduction">True in the environment Production.</param>
/// <param name="SandboxEnabled">Fill an empty database with synthetic data; never in Production.</param>
/// <param name="AllowPlain">Accept plain HTTP from other machines in Production, behind a proxy that ends TLS.</param>
/// <param name="TrustedProxies">Addresses or networks whose forwarded headers count.</param>
/// <param name="DocsPublic">Serve the description of the API at /swagger.</param>
internal sealed record ServerOptions(
    bool IsProduction, bool SandboxEnabled, bool AllowPlain, IReadOnlyList<string> TrustedProxies, bool DocsPublic)
{
    /// <summary>Reads and checks the configuration; each message names the key to set.</summary>
    public static ServerOptions From(IConfiguration configuration, IHostEnvironment environment)
    {
        var production = environment.IsProduction();
        var sandbox = configuration.GetValue<bool?>("Sandbox:Enabled") ?? environment.IsDevelopment();
        if (production && sandbox)
            throw new StartRefusedException("Sandbox:Enabled must be off in Production: the sandbox's keys and data are for trying out.");
        if (production && string.IsNullOrEmpty(configuration["PublicUrl"]))
            throw new StartRefusedException("Set PublicUrl to the https address under which clients reach Aegis.");
        if (production && string.IsNullOrEmpty(configuration.GetConnectionString("Aegis")))
            throw new StartRefusedException("Set ConnectionStrings:Aegis to the connection string of the database.");
        if (configuration["PublicUrl"] is { Length: > 0 } url && !Uri.TryCreate(url, UriKind.Absolute, out _))
            throw new StartRefusedException("PublicUrl must be an absolute address such as https://aegis.example.org.");

        return new ServerOptions(
            production, sandbox, configuration.GetValue<bool>("Http:AllowPlain"),
            configuration.GetSection("TrustedProxies").Get<string[]>() ?? [], configuration.GetValue("Docs:Public", true));
    }
}
