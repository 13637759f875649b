using Aegis.Kernel.Web.Input;

namespace Aegis.Vault.Connections;

/// <summary>
/// Sets how a system is reached. It replaces what was set; sealed members that are left out stay, unless other members change.
/// </summary>
/// <param name="Config">The settings; their JSON schema is at <c>GET /v1/vault/providers</c>.</param>
internal sealed record SetConnectionRequest(JsonObject Config)
{
    public override string ToString() => "***";
}

internal sealed class SetConnectionValidator : AbstractValidator<SetConnectionRequest>
{
    public SetConnectionValidator() => RuleFor(x => x.Config).NotNull();
}

/// <summary>Changes how a system is reached.</summary>
/// <param name="Config">The members that change; <c>null</c> removes one.</param>
[MergesItself]
internal sealed record ChangeConnectionRequest(JsonObject Config)
{
    public override string ToString() => "***";
}

internal sealed class ChangeConnectionValidator : AbstractValidator<ChangeConnectionRequest>
{
    public ChangeConnectionValidator() => RuleFor(x => x.Config).NotNull();
}

/// <summary>How a system is reached, without what is secret.</summary>
/// <param name="Kind"><c>n8n</c>, <c>supabase</c>….</param>
/// <param name="Config">The members that are not secret.</param>
/// <param name="SecretMembers">The names of those that are, and are set.</param>
/// <param name="CreatedAt">When it was set first.</param>
/// <param name="UpdatedAt">When it was set last.</param>
internal sealed record ConnectionResponse(
    string Kind, JsonObject Config, IReadOnlyList<string> SecretMembers, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <summary>One kind of system, and whether it is connected.</summary>
/// <param name="Kind"><c>n8n</c>, <c>supabase</c>….</param>
/// <param name="IsSet">True when this organization said how it is reached.</param>
/// <param name="UpdatedAt">When it was set last, or null.</param>
internal sealed record ConnectionItem(string Kind, bool IsSet, DateTimeOffset? UpdatedAt);

/// <summary>Every kind there is.</summary>
/// <param name="Connections">Sorted by kind.</param>
internal sealed record ConnectionList(IReadOnlyList<ConnectionItem> Connections);
