namespace Aegis.Vault.Providers;

/// <summary>
/// Something outside of Aegis that makes, takes or checks the values of credentials. Providers keep no state: what a rotation must remember
/// stands in its row. A call may be cut off by a kill at any moment and be made again, by another host too, so each one must bear being
/// made twice.
/// Failures are <see cref="ProviderException"/>s; every address is reached by the outbound policy for the owner's organization.
/// </summary>
internal abstract class Provider
{
    /// <summary>Its word on the wire: <c>database</c>, <c>api</c>….</summary>
    public abstract string Name { get; }

    /// <summary>What <c>provider_config</c> of its credentials may hold.</summary>
    public abstract ConfigShape Config { get; }

    /// <summary>The connection of the organization that it works through (<c>n8n</c>, <c>supabase</c>), or null.</summary>
    public virtual string? ConnectionKind => null;

    /// <summary>What that connection may hold.</summary>
    public virtual ConfigShape Connection => ConfigShape.None;

    /// <summary>
    /// Objects to addresses in the configuration that could never be called for this organization, after <see cref="Config"/> took it.
    /// </summary>
    /// <param name="config">With or without its secret members.</param>
    /// <param name="organizationId">Owner.</param>
    /// <param name="errors">Takes a sentence for each.</param>
    public virtual void CheckAddresses(JsonObject config, string organizationId, ConfigErrors errors)
    {
    }

    /// <summary>The same for a connection.</summary>
    public virtual void CheckConnectionAddresses(JsonObject connection, string organizationId, ConfigErrors errors)
    {
    }

    /// <summary>
    /// True when the configuration has every member that it must have. A credential without a configuration can be registered with any
    /// provider: its value lives in the vault alone until someone says how the provider is reached.
    /// </summary>
    public bool IsConfigured(JsonObject config) => !Config.Missing(config).Any();

    /// <summary>
    /// True when a new value can be made for credentials with this configuration; otherwise rotating is 409 <c>rotation_not_configured</c>.
    /// </summary>
    public bool CanRotate(JsonObject config) => IsConfigured(config) && MakesValues(config);

    /// <summary>Why <see cref="CanRotate"/> is false, and what to do; null when it is true.</summary>
    public string? WhyNotRotate(JsonObject config)
    {
        if (CanRotate(config)) return null;
        var missing = Config.Missing(config).Select(m => $"provider_config.{m}").ToList();
        var todo = missing.Count == 0 ? "Say in provider_config how it makes one" : $"Set {string.Join(", ", missing)}";
        var connection = ConnectionKind is null ? "" : $" It also needs the connection at /v1/vault/connections/{ConnectionKind}.";
        return $"The provider '{Name}' cannot make a new value. {todo}, or set values by hand with PUT …/value.{connection}";
    }

    /// <summary>True when a value of such a credential can be tried; otherwise testing is 409 <c>test_not_configured</c>.</summary>
    public bool CanTest(JsonObject config) => IsConfigured(config) && TriesValues(config);

    /// <summary>
    /// True when a test says of the very value it is given whether it works. False when it says only that the place is there: then a
    /// rotation that may have set its value sets it once more.
    /// </summary>
    public virtual bool TellsValuesApart => true;

    /// <summary>True when the old value works on after the new one is set, so that users have time to change over.</summary>
    public bool KeepsOldValue(JsonObject config) => IsConfigured(config) && LeavesOldValue(config);

    /// <summary>
    /// True when setting the new value ends the old one, and a refusal of the old one as <see cref="ProviderCode.LoginRefused"/> therefore
    /// tells that the new one is in force.
    /// </summary>
    public virtual bool EndsOldBySetting(JsonObject config) => false;

    /// <summary>
    /// True when making a value may use the current one up, as a refresh token that can be used once: then the new value is adopted as soon
    /// as it is made, and there is no way back.
    /// </summary>
    public bool UsesUpCurrent(JsonObject config) => IsConfigured(config) && ReplacesCurrent(config);

    /// <summary>
    /// Makes a new value (AWS: createSecret). Where the provider mints it, this is a side effect there, marked with
    /// <see cref="Order.Mark"/>.
    /// </summary>
    public abstract Task<HeldValue> Create(Target target, Order order, CancellationToken ct);

    /// <summary>Makes the target accept the value (AWS: setSecret). Nothing to do where Create minted it.</summary>
    /// <param name="target">Where.</param>
    /// <param name="value">The value to be let in.</param>
    /// <param name="current">The value in use so far, by which some targets let themselves be changed; null when there is none.</param>
    /// <param name="ct">Ends the wait, and leaves open whether it happened.</param>
    public virtual Task Set(Target target, HeldValue value, HeldValue? current, CancellationToken ct) => Task.CompletedTask;

    /// <summary>Tries a value at the target without changing anything there (AWS: testSecret).</summary>
    public abstract Task<Tested> Test(Target target, HeldValue value, CancellationToken ct);

    /// <summary>Ends a value at the target. One that is already gone is done.</summary>
    /// <param name="target">Where.</param>
    /// <param name="old">The value to end.</param>
    /// <param name="current">The value in use, which must go on working.</param>
    /// <param name="ct">Ends the wait, and leaves open whether it happened.</param>
    public virtual Task Revoke(Target target, HeldValue old, HeldValue current, CancellationToken ct) => Task.CompletedTask;

    /// <summary>
    /// Removes what earlier attempts of this rotation made at the provider and nobody adopted; called before making again and at the end.
    /// </summary>
    /// <param name="target">Where.</param>
    /// <param name="rotationId">The rotation whose marks are looked for.</param>
    /// <param name="keep">Handle of the value that stays, or null.</param>
    /// <param name="ct">Ends the wait.</param>
    public virtual Task RemoveOrphans(Target target, string rotationId, string? keep, CancellationToken ct) => Task.CompletedTask;

    /// <summary>Answers <see cref="CanRotate"/> for a configuration that is complete.</summary>
    protected abstract bool MakesValues(JsonObject config);

    /// <summary>Answers <see cref="CanTest"/> for a configuration that is complete.</summary>
    protected abstract bool TriesValues(JsonObject config);

    /// <summary>Answers <see cref="KeepsOldValue"/> for a configuration that is complete.</summary>
    protected abstract bool LeavesOldValue(JsonObject config);

    /// <summary>Answers <see cref="UsesUpCurrent"/> for a configuration that is complete.</summary>
    protected virtual bool ReplacesCurrent(JsonObject config) => false;
}
