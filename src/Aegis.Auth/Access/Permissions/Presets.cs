namespace Aegis.Auth.Access.Permissions;

/// <summary>A named set of scopes for new keys.</summary>
internal sealed record Preset(string Name, IReadOnlyList<string> Scopes);

/// <summary>The presets, each with its scopes expanded.</summary>
internal static class Presets
{
    public static readonly Preset ReadOnly = Of(
        "read-only",
        "agent:read", "agent:list", "workflow:read", "workflow:list", "execution:read", "execution:list", "execution:logs",
        "swarm:read", "swarm:list", "node:read", "node:list", "study:read", "audit:read");

    public static readonly Preset Execution = Of(
        "execution",
        [
            .. ReadOnly.Scopes,
            "agent:execute", "agent:logs", "workflow:run", "workflow:logs", "workflow:signal", "workflow:cancel",
            "execution:stream", "execution:cancel", "swarm:cancel", "approval:*",
        ]);

    public static readonly Preset Developer = Of(
        "developer",
        [
            .. Execution.Scopes,
            "agent:deploy", "agent:generate", "agent:delete", "workflow:deploy", "workflow:validate", "workflow:generate",
            "workflow:delete",
            "execution:remove", "credential:read", "credential:list", "credential:create", "stimulus:ingest", "key:*",
        ]);

    /// <summary>All scopes. A key made with it gets only the scopes that its creator has.</summary>
    public static readonly Preset FullAccess = new("full-access", [.. ScopeCatalogue.Rows.SelectMany(row => row.Scopes)]);

    public static readonly Preset StudyConsumer = Of(
        "study-consumer",
        "study:request", "study:read", "study:open", "study:destroy", "study:dispute", "webhook:*", "audit:read", "org:read");

    public static readonly Preset StudyProvider = Of(
        "study-provider",
        "study:read", "study:fulfill", "study:decline", "study:destroy", "study:dispute", "webhook:*", "audit:read", "org:read");

    public static readonly IReadOnlyList<Preset> All = [ReadOnly, Execution, Developer, FullAccess, StudyConsumer, StudyProvider];

    public static Preset? Find(string name) => All.FirstOrDefault(p => p.Name == name);

    private static Preset Of(string name, params string[] scopes) => new(name, ScopeCatalogue.Expand(scopes));
}
