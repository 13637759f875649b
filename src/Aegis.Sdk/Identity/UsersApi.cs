namespace Aegis.Sdk.Identity;

/// <summary>Users of your organization. Only admins can change them.</summary>
public sealed class UsersApi
{
    private readonly Caller caller;

    internal UsersApi(Caller caller) => this.caller = caller;

    /// <summary>All users, newest first.</summary>
    public IAsyncEnumerable<User> ListAsync(CancellationToken cancellationToken = default) =>
        Page<User>.WalkAsync((cursor, ct) => ListPageAsync(cursor, cancellationToken: ct), cancellationToken);

    /// <summary>One page of the list.</summary>
    public Task<Page<User>> ListPageAsync(string? cursor = null, int? limit = null, CancellationToken cancellationToken = default) =>
        caller.GetAsync(new Query("v1/users").With("cursor", cursor).With("limit", limit).ToString(), CamelCaseJson.Default.PageUser,
            cancellationToken);

    /// <summary>One user.</summary>
    public Task<User> GetAsync(string id, CancellationToken cancellationToken = default) =>
        caller.GetAsync(Path(id), CamelCaseJson.Default.User, cancellationToken);

    /// <summary>
    /// Adds a user. Only this answer shows <see cref="InvitedUser.InvitationUrl"/>: give it to the person. It is null when the host sends
    /// it by mail.
    /// </summary>
    /// <param name="user">The user.</param>
    /// <param name="idempotencyKey">Repeats with the same key have one effect. The client creates a key by default.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public Task<InvitedUser> InviteAsync(
        InviteUser user, string? idempotencyKey = null, CancellationToken cancellationToken = default) => caller.PostAsync(
        "v1/users", JsonBody.Of(user, CamelCaseJson.Default.InviteUser), CamelCaseJson.Default.InvitedUser, cancellationToken,
        idempotencyKey);

    /// <summary>Creates a new invitation when the first one has expired or the password is lost.</summary>
    public Task<InvitedUser> InviteAgainAsync(string id, string? idempotencyKey = null, CancellationToken cancellationToken = default) =>
        caller.PostAsync($"{Path(id)}/invitation", null, CamelCaseJson.Default.InvitedUser, cancellationToken, idempotencyKey);

    /// <summary>
    /// Changes the members set in <paramref name="changes"/>. When it returns, no host allows the user's keys and logins more than
    /// that.
    /// </summary>
    public Task<User> UpdateAsync(string id, UserChanges changes, CancellationToken cancellationToken = default) =>
        caller.PatchAsync(Path(id), JsonBody.Of(changes.Sent, CamelCaseJson.Default.JsonObject), CamelCaseJson.Default.User,
            cancellationToken);

    /// <summary>Removes a user for good, with keys, logins, password, authenticator and passkeys.</summary>
    public Task RemoveAsync(string id, CancellationToken cancellationToken = default) => caller.DeleteAsync(Path(id), cancellationToken);

    private static string Path(string id) => $"v1/users/{Query.Segment(id)}";
}

/// <summary>A user.</summary>
/// <param name="Id">usr_….</param>
/// <param name="Email">The email address the user signs in with.</param>
/// <param name="Name">The user's name.</param>
/// <param name="Role"><c>aegis:operator</c>, <c>aegis:admin</c>, or null for read access only.</param>
/// <param name="HasPassword">Whether the user accepted the invitation.</param>
/// <param name="LockedUntil">Until when sign-in from new browsers is blocked, because strangers entered wrong passwords.
/// Browsers used before still work.</param>
/// <param name="DisabledAt">Since when the user's keys and logins do not work.</param>
/// <param name="CreatedAt">When the user was created.</param>
public sealed record User(
    string Id, string Email, string Name, string? Role, bool HasPassword, DateTimeOffset? LockedUntil, DateTimeOffset? DisabledAt,
    DateTimeOffset CreatedAt);

/// <summary>A person to invite.</summary>
/// <param name="Email">The person's email address; unique in the organization.</param>
/// <param name="Name">The person's name.</param>
/// <param name="Role"><c>aegis:operator</c>, <c>aegis:admin</c>, or null for read access only.</param>
public sealed record InviteUser(string Email, string Name, string? Role = null);

/// <summary>An invited person.</summary>
/// <param name="Id">usr_….</param>
/// <param name="Email">The person's email address.</param>
/// <param name="Name">The person's name.</param>
/// <param name="Role">The user's role.</param>
/// <param name="InvitationUrl">The page where the person chooses a password. Anyone who has the address can become the user. It is not
/// shown again. Null when <paramref name="Mailed"/> is true.</param>
/// <param name="ExpiresAt">When the invitation expires.</param>
/// <param name="Mailed">Whether the person gets the address by mail only.</param>
public sealed record InvitedUser(
    string Id, string Email, string Name, string? Role, string? InvitationUrl, DateTimeOffset ExpiresAt, bool Mailed)
{
    /// <summary>Does not show the address.</summary>
    public override string ToString() => $"InvitedUser {{ Id = {Id} }}";
}

/// <summary>Changes to a user. Members that are not set stay.</summary>
public sealed class UserChanges
{
    internal JsonObject Sent { get; } = [];

    /// <summary>The user's name.</summary>
    public string? Name { get => (string?)Sent["name"]; set => Sent["name"] = value; }

    /// <summary>The user's role; null for read access only.</summary>
    public string? Role { get => (string?)Sent["role"]; set => Sent["role"] = value; }

    /// <summary>True ends the user's access everywhere, false restores it.</summary>
    public bool? Disabled { get => (bool?)Sent["disabled"]; set => Sent["disabled"] = value; }
}
