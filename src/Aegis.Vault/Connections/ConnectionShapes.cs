using Aegis.Kernel.Web.Input;

namespace Aegis.Vault.Connections;

/// <summary>
/// Sets how a system is reached, and replaces the present settings. Sealed members that are left out stay, unless other members change.
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

/// <summary>How a system is reached, without secret members.</summary>
/// <param name="Kind"><c>n8n</c>, <c>supabase</c>….</param>
/// <param name="Config">The members that are not secret.</param>
/// <param name="SecretMembers">The names of the secret members that are set.</param>
/// <param name="CreatedAt">When it was first set.</param>
/// <param name="UpdatedAt">When it was last set.</param>
internal sealed record ConnectionResponse(
    string Kind, JsonObject Config, IReadOnlyList<string> SecretMembers, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <summary>One kind of system, and whether it is connected.</summary>
/// <param name="Kind"><c>n8n</c>, <c>supabase</c>….</param>
/// <param name="IsSet">True when this organization has set it.</param>
/// <param name="UpdatedAt">When it was last set, or null.</param>
internal sealed record ConnectionItem(string Kind, bool IsSet, DateTimeOffset? UpdatedAt);

/// <summary>All kinds of connections.</summary>
/// <param name="Connections">Sorted by kind.</param>
internal sealed record ConnectionList(IReadOnlyList<ConnectionItem> Connections);
