namespace Aegis.Cli.Profiles;

/// <summary>The addresses of an environment, derived from <c>--env</c>.</summary>
/// <param name="Name">The environment as it was given.</param>
/// <param name="Auth">The host that issues tokens.</param>
/// <param name="Api">The HTTP API.</param>
internal sealed record EnvironmentAddress(string Name, Uri Auth, Uri Api)
{
    public const string Default = "localhost:8012";
    private const string Realm = "realms/aegis-system";

    /// <summary>The issuer's address; its discovery document is below it.</summary>
    public string Issuer => $"{Auth.AbsoluteUri.TrimEnd('/')}/{Realm}";

    /// <summary>
    /// <c>dev.example.org</c> means <c>https://auth.dev.example.org</c> and <c>https://api.dev.example.org</c>. <c>localhost:8012</c> means
    /// one http address. <c>https://aegis.example.org</c> is used for both.
    /// </summary>
    public static EnvironmentAddress Of(string given)
    {
        var name = given.Trim().TrimEnd('/');
        if (name.Contains("://", StringComparison.Ordinal)) return OfAddress(name);
        if (!Uri.TryCreate($"https://{name}", UriKind.Absolute, out var host) || host.AbsolutePath != "/"
            || host.UserInfo.Length + host.Query.Length + host.Fragment.Length > 0 || host.Host.Length == 0)
            throw Unusable(given);
        if (host.IsLoopback) return new EnvironmentAddress(name, new Uri($"http://{name}"), new Uri($"http://{name}"));
        if (host.HostNameType is not UriHostNameType.Dns)
            throw new StoppedException(ExitCodes.Usage,
                $"'{given}' is an IP address and cannot be prefixed with auth. and api. Give the whole address: --env https://{name}");
        return new EnvironmentAddress(name, new Uri($"https://auth.{name}"), new Uri($"https://api.{name}"));
    }

    private static EnvironmentAddress OfAddress(string name)
    {
        if (!Uri.TryCreate(name, UriKind.Absolute, out var address)
            || address.UserInfo.Length + address.Query.Length + address.Fragment.Length > 0) throw Unusable(name);
        if (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback))
            return new EnvironmentAddress(name, address, address);
        throw new StoppedException(ExitCodes.Usage, $"'{name}' would send tokens unencrypted. Use https, or http on this machine only.");
    }

    private static StoppedException Unusable(string given) =>
        new(ExitCodes.Usage, $"'{given}' is not an environment. Give a host such as dev.example.org, or localhost:8012.");
}
