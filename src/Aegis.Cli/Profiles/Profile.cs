namespace Aegis.Cli.Profiles;

/// <summary>One login.</summary>
internal sealed record Profile
{
    public required string Name { get; init; }

    /// <summary>The value of <c>--env</c>.</summary>
    public required string Environment { get; init; }

    public required string Issuer { get; init; }

    public required string TokenEndpoint { get; init; }

    public string? RevocationEndpoint { get; init; }

    public required string AccessToken { get; init; }

    public DateTimeOffset AccessExpiresAt { get; init; }

    public string? RefreshToken { get; init; }

    /// <summary>When the refresh token expires.</summary>
    public DateTimeOffset ExpiresAt { get; init; }

    public IReadOnlyList<string> Roles { get; init; } = [];

    public IReadOnlyList<string> Scopes { get; init; } = [];

    public override string ToString() => $"Profile {{ Name = {Name} }}";
}

/// <summary>All logins.</summary>
internal sealed record ProfileSet
{
    /// <summary>The profile that is used by default.</summary>
    public string? Current { get; init; }

    public IReadOnlyDictionary<string, Profile> Profiles { get; init; } = new Dictionary<string, Profile>(StringComparer.Ordinal);

    public ProfileSet With(Profile profile, bool makeCurrent) => this with
    {
        Current = makeCurrent ? profile.Name : Current,
        Profiles = new Dictionary<string, Profile>(Profiles, StringComparer.Ordinal) { [profile.Name] = profile },
    };

    public ProfileSet Without(string name)
    {
        var left = new Dictionary<string, Profile>(Profiles, StringComparer.Ordinal);
        left.Remove(name);
        return this with { Current = Current == name ? null : Current, Profiles = left };
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ProfileSet))]
[JsonSerializable(typeof(SealedFile))]
internal sealed partial class ProfileJson : JsonSerializerContext;
