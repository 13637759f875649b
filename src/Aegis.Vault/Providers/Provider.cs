namespace Aegis.Vault.Providers;

/// <summary>
/// A system outside Aegis that makes, accepts or checks the values of credentials: the base class of all providers, which
/// <see cref="ProviderCatalogue"/> finds by name. The steps of a rotation and the health checks call a provider with a
/// <see cref="Target"/>. The subfolder Configuration has the shapes of settings, Http the shared calls, and each other subfolder one
/// provider. Providers keep no state: what a rotation must remember is in its row. A crash can interrupt a call at any moment, and then any
/// host may repeat it, so every call must be safe to repeat. Failures are <see cref="ProviderException"/>s, which say what may have
/// happened at the provider. Every address is called under the outbound policy of the owner's organization.
/// </summary>
internal abstract class Provider
{
    /// <summary>Its name in the API: <c>database</c>, <c>api</c>….</summary>
    public abstract string Name { get; }

    /// <summary>The members that <c>provider_config</c> may have.</summary>
    public abstract ConfigShape Config { get; }

    /// <summary>The kind of connection that it uses (<c>n8n</c>, <c>supabase</c>), or null.</summary>
    public virtual string? ConnectionKind => null;

    /// <summary>The members that this connection may have.</summary>
    public virtual ConfigShape Connection => ConfigShape.None;

    /// <summary>
    /// Reports addresses in the configuration that this organization may never call. It runs after the check by <see cref="Config"/>.
    /// </summary>
    /// <param name="config">With or without its secret members.</param>
    /// <param name="organizationId">The owner.</param>
    /// <param name="errors">Collects a sentence for each.</param>
    public virtual void CheckAddresses(JsonObject config, string organizationId, ConfigErrors errors)
    {
    }

    /// <summary>Reports addresses in a connection that this organization may never call.</summary>
    public virtual void CheckConnectionAddresses(JsonObject connection, string organizationId, ConfigErrors errors)
    {
    }

    /// <summary>
    /// True when the configuration has all required members. A credential can be registered without a configuration: then it has only its
    /// value in the vault, and nothing happens at a provider.
    /// </summary>
    public bool IsConfigured(JsonObject config) => !Config.Missing(config).Any();

    /// <summary>
    /// True when a new value can be made for credentials with this configuration; otherwise rotating is 409 <c>rotation_not_configured</c>.
    /// </summary>
    public bool CanRotate(JsonObject config) => IsConfigured(config) && MakesValues(config);

    /// <summary>Why <see cref="CanRotate"/> is false and what to do; null when it is true.</summary>
    public string? WhyNotRotate(JsonObject config)
    {
        if (CanRotate(config)) return null;
        var missing = Config.Missing(config).Select(m => $"provider_config.{m}").ToList();
        var todo = missing.Count == 0 ? "Configure in provider_config how it makes one" : $"Set {string.Join(", ", missing)}";
        var connection = ConnectionKind is null ? "" : $" It also needs the connection at /v1/vault/connections/{ConnectionKind}.";
        return $"The provider '{Name}' cannot make a new value. {todo}, or set values by hand with PUT …/value.{connection}";
    }

    /// <summary>
    /// True when values of credentials with this configuration can be tested; otherwise testing is 409 <c>test_not_configured</c>.
    /// </summary>
    public bool CanTest(JsonObject config) => IsConfigured(config) && TriesValues(config);

    /// <summary>
    /// True when a test shows whether the given value works. False when it shows only that the target exists: then a rotation that may have
    /// set its value sets it again.
    /// </summary>
    public virtual bool TellsValuesApart => true;

    /// <summary>True when the old value still works after the new one is set, so that users have time to switch.</summary>
    public bool KeepsOldValue(JsonObject config) => IsConfigured(config) && LeavesOldValue(config);

    /// <summary>
    /// True when setting the new value ends the old one. A refusal of the old one as <see cref="ProviderCode.LoginRefused"/> then proves
    /// that the new one is in force.
    /// </summary>
    public virtual bool EndsOldBySetting(JsonObject config) => false;

    /// <summary>
    /// True when making a value may use up the current one, such as a refresh token for one use. Then the new value is adopted as soon as
    /// it is made, and no rollback is possible.
    /// </summary>
    public bool UsesUpCurrent(JsonObject config) => IsConfigured(config) && ReplacesCurrent(config);

    /// <summary>
    /// Makes a new value (AWS: createSecret). If the provider creates it, it is marked there with <see cref="Order.Mark"/>.
    /// </summary>
    public abstract Task<HeldValue> Create(Target target, Order order, CancellationToken ct);

    /// <summary>Makes the target accept the value (AWS: setSecret). Does nothing if Create made the value at the provider.</summary>
    /// <param name="target">The target.</param>
    /// <param name="value">The new value.</param>
    /// <param name="current">The value in use so far, which some targets need for the change; null when there is none.</param>
    /// <param name="ct">Stops waiting; the change may still happen.</param>
    public virtual Task Set(Target target, HeldValue value, HeldValue? current, CancellationToken ct) => Task.CompletedTask;

    /// <summary>Tests a value at the target without changing anything there (AWS: testSecret).</summary>
    public abstract Task<Tested> Test(Target target, HeldValue value, CancellationToken ct);

    /// <summary>Revokes a value at the target. A value that no longer exists counts as revoked.</summary>
    /// <param name="target">The target.</param>
    /// <param name="old">The value to revoke.</param>
    /// <param name="current">The value in use, which must keep working.</param>
    /// <param name="ct">Stops waiting; the change may still happen.</param>
    public virtual Task Revoke(Target target, HeldValue old, HeldValue current, CancellationToken ct) => Task.CompletedTask;

    /// <summary>
    /// Removes values that earlier attempts of this rotation made at the provider and that never came into use. Called before a value is
    /// made again, and at the end.
    /// </summary>
    /// <param name="target">The target.</param>
    /// <param name="rotationId">The rotation whose marks are searched.</param>
    /// <param name="keep">Handle of the value that stays, or null.</param>
    /// <param name="ct">Stops waiting.</param>
    public virtual Task RemoveOrphans(Target target, string rotationId, string? keep, CancellationToken ct) => Task.CompletedTask;

    /// <summary>Decides <see cref="CanRotate"/> for a complete configuration.</summary>
    protected abstract bool MakesValues(JsonObject config);

    /// <summary>Decides <see cref="CanTest"/> for a complete configuration.</summary>
    protected abstract bool TriesValues(JsonObject config);

    /// <summary>Decides <see cref="KeepsOldValue"/> for a complete configuration.</summary>
    protected abstract bool LeavesOldValue(JsonObject config);

    /// <summary>Decides <see cref="UsesUpCurrent"/> for a complete configuration.</summary>
    protected virtual bool ReplacesCurrent(JsonObject config) => false;
}
