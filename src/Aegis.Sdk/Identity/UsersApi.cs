namespace Aegis.Sdk.Identity;

/// <summary>People of the own organization. Changing them is for admins.</summary>
public sealed class UsersApi
{
    private readonly Caller caller;

    internal UsersApi(Caller caller) => this.caller = caller;

    /// <summary>All users, newest first.</summary>
    public IAsyncEnumerable<User> ListAsync(CancellationToken cancellationToken = default) =>
        Page<User>.WalkAsync((cursor, ct) => ListPageAsync(cursor, cancellationToken: ct), cancellationToken);

    /// <summary>One part of the list.</summary>
    public Task<Page<User>> ListPageAsync(string? cursor = null, int? limit = null, CancellationToken cancellationToken = default) =>
        caller.GetAsync(new Query("v1/users").With("cursor", cursor).With("limit", limit).ToString(), CamelCaseJson.Default.PageUser,
            cancellationToken);

    /// <summary>One user.</summary>
    public Task<User> GetAsync(string id, CancellationToken cancellationToken = default) =>
        caller.GetAsync(Path(id), CamelCaseJson.Default.User, cancellationToken);

    /// <summary>
    /// Adds a user. <see cref="InvitedUser.InvitationUrl"/> is shown by this call alone: hand it to the person. It is null where the
    /// installation mails it.
    /// </summary>
    /// <param name="user">Who.</param>
    /// <param name="idempotencyKey">Makes repeats of your own have one effect; made by the client unless given.</param>
    /// <param name="cancellationToken">Stops.</param>
    public Task<InvitedUser> InviteAsync(
        InviteUser user, string? idempotencyKey = null, CancellationToken cancellationToken = default) => caller.PostAsync(
        "v1/users", JsonBody.Of(user, CamelCaseJson.Default.InviteUser), CamelCaseJson.Default.InvitedUser, cancellationToken,
        idempotencyKey);

    /// <summary>Makes a new invitation, when the first one has expired or the password is lost.</summary>
    public Task<InvitedUser> InviteAgainAsync(string id, string? idempotencyKey = null, CancellationToken cancellationToken = default) =>
        caller.PostAsync($"{Path(id)}/invitation", null, CamelCaseJson.Default.InvitedUser, cancellationToken, idempotencyKey);

    /// <summary>
    /// Changes what is set in <paramref name="changes"/>. When it returns, keys and logins of the user may do no more than that, on any
    /// host.
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
/// <param name="Email">The name it signs in with.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Role"><c>aegis:operator</c>, <c>aegis:admin</c>, or null for one who may only read.</param>
/// <param name="HasPassword">Whether it has accepted its invitation.</param>
/// <param name="LockedUntil">Until when wrong passwords of strangers keep it from signing in with browsers that it has not used
/// before.</param>
/// <param name="DisabledAt">Since when its keys and logins do not work.</param>
/// <param name="CreatedAt">Since when it is there.</param>
public sealed record User(
    string Id, string Email, string Name, string? Role, bool HasPassword, DateTimeOffset? LockedUntil, DateTimeOffset? DisabledAt,
    DateTimeOffset CreatedAt);

/// <summary>A person to be invited.</summary>
/// <param name="Email">Where it is reached; nobody else in the organization has it.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Role"><c>aegis:operator</c>, <c>aegis:admin</c>, or null for one who may only read.</param>
public sealed record InviteUser(string Email, string Name, string? Role = null);

/// <summary>A person who was invited.</summary>
/// <param name="Id">usr_….</param>
/// <param name="Email">Whom to hand the address to.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Role">Its role.</param>
/// <param name="InvitationUrl">Where the person chooses a password. Whoever has it becomes the user; shown here and never again. Null when
/// <paramref name="Mailed"/> is true.</param>
/// <param name="ExpiresAt">Until when it works.</param>
/// <param name="Mailed">Whether the person gets it by mail, and nobody else does.</param>
public sealed record InvitedUser(
    string Id, string Email, string Name, string? Role, string? InvitationUrl, DateTimeOffset ExpiresAt, bool Mailed)
{
    /// <summary>Shows no address.</summary>
    public override string ToString() => $"InvitedUser {{ Id = {Id} }}";
}

/// <summary>What is to be changed of a user. What is not set stays.</summary>
public sealed class UserChanges
{
    internal JsonObject Sent { get; } = [];

    /// <summary>What it is called.</summary>
    public string? Name { get => (string?)Sent["name"]; set => Sent["name"] = value; }

    /// <summary>Its role; null for one who may only read.</summary>
    public string? Role { get => (string?)Sent["role"]; set => Sent["role"] = value; }

    /// <summary>True ends its access everywhere, false gives it back.</summary>
    public bool? Disabled { get => (bool?)Sent["disabled"]; set => Sent["disabled"] = value; }
}
