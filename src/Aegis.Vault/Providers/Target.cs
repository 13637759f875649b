namespace Aegis.Vault.Providers;

/// <summary>The credential a provider works for, with everything it was told about it. Holds secrets: prints as three stars.</summary>
/// <param name="OrganizationId">Owner; decides which addresses may be called and below which folder files are written.</param>
/// <param name="CredentialId">cred_….</param>
/// <param name="Name">Name of the credential.</param>
/// <param name="CredentialType">The type its owner gave it.</param>
/// <param name="ProviderCredentialId">Its id at the provider, or null.</param>
/// <param name="Config">Its <c>provider_config</c> with the secret members, checked by the provider's shape.</param>
/// <param name="Connection">The organization's connection the provider asked for, with its secret members; null when there is none.</param>
internal sealed record Target(
    string OrganizationId, string CredentialId, string Name, string CredentialType, string? ProviderCredentialId, JsonObject Config,
    JsonObject? Connection)
{
    public override string ToString() => $"{CredentialId} ***";
}

/// <summary>One value of a credential as a provider makes, sets, tests and revokes it. Prints as three stars.</summary>
/// <param name="Value">The value that users of the credential get: at most 64 KiB of UTF-8.</param>
/// <param name="Handle">What the provider calls this very value, so that it can be revoked: an id of a key, a login. Not secret; at most
/// 200 characters.</param>
/// <param name="ExpiresAt">When the provider ends it by itself, or null.</param>
internal sealed record HeldValue(string Value, string? Handle = null, DateTimeOffset? ExpiresAt = null)
{
    public override string ToString() => "***";
}

/// <summary>The rotation that a new value is made for.</summary>
/// <param name="RotationId">rot_…: a provider that can, writes it on what it makes, so that a value whose making was cut off is found
/// again.</param>
/// <param name="Attempt">1 for the first value of this rotation, one more after each rejected one.</param>
/// <param name="Current">The value in use, or null when there is none yet.</param>
internal sealed record Order(string RotationId, int Attempt, HeldValue? Current)
{
    /// <summary>The mark that is written on what is made at the provider: unique for this value, without a secret.</summary>
    public string Mark => $"aegis-{RotationId}-{Attempt}";
}
