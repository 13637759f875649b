namespace Aegis.Vault.Providers;

/// <summary>
/// The credential that a provider call is for, with its configuration. It contains secrets: <c>ToString</c> gives no member.
/// </summary>
/// <param name="OrganizationId">The owner. It decides which addresses may be called and in which folder files are written.</param>
/// <param name="CredentialId">cred_….</param>
/// <param name="Name">Name of the credential.</param>
/// <param name="CredentialType">The type its owner gave it.</param>
/// <param name="ProviderCredentialId">Its id at the provider, or null.</param>
/// <param name="Config">Its <c>provider_config</c> with the secret members, checked by the provider's shape.</param>
/// <param name="Connection">The connection that the provider uses, with its secret members; null when there is none.</param>
internal sealed record Target(
    string OrganizationId, string CredentialId, string Name, string CredentialType, string? ProviderCredentialId, JsonObject Config,
    JsonObject? Connection)
{
    public override string ToString() => $"{CredentialId} ***";
}

/// <summary>One value of a credential as a provider makes, sets, tests and revokes it. <c>ToString</c> gives three stars.</summary>
/// <param name="Value">The value that users of the credential get: at most 64 KiB of UTF-8.</param>
/// <param name="Handle">The provider's id of this value, so that it can be revoked: a key id or a login. Not secret; at most 200
/// characters.</param>
/// <param name="ExpiresAt">When it expires at the provider, or null.</param>
internal sealed record HeldValue(string Value, string? Handle = null, DateTimeOffset? ExpiresAt = null)
{
    public override string ToString() => "***";
}

/// <summary>The rotation that a new value is made for.</summary>
/// <param name="RotationId">rot_…. A provider that can adds it to the value that it makes, so that a value is found again after an
/// interrupted call.</param>
/// <param name="Attempt">1 for the first value of this rotation; one more after each rejected one.</param>
/// <param name="Current">The value in use, or null when there is none yet.</param>
internal sealed record Order(string RotationId, int Attempt, HeldValue? Current)
{
    /// <summary>The mark of the value at the provider: unique for this value, and not secret.</summary>
    public string Mark => $"aegis-{RotationId}-{Attempt}";
}
