using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Aegis.Auth.Access.Permissions;

/// <summary>One row of the catalogue: a resource and its actions.</summary>
internal sealed record ScopeRow(string Resource, string[] Actions, string? Notes = null)
{
    public IEnumerable<string> Scopes => Actions.Select(action => $"{Resource}:{action}");
}

/// <summary>All scopes, and what wildcards expand to.</summary>
internal static partial class ScopeCatalogue
{
    private const string Wildcard = "*";
    private const char NameMark = '#';

    public static readonly IReadOnlyList<ScopeRow> Rows =
    [
        new("agent", ["deploy", "read", "list", "execute", "generate", "logs", "delete"], "generate = natural language → manifest"),
        new("workflow", ["deploy", "read", "list", "run", "validate", "generate", "logs", "signal", "cancel", "delete"],
            "signal = FSM event"),
        new("execution", ["read", "list", "stream", "logs", "cancel", "remove"], "stream = SSE event feed"),
        new("swarm", ["read", "list", "cancel"]),
        new("secret", ["read", "write", "list", "delete", "rotate"], "OpenBao KV2 secrets"),
        new("credential", ["read", "list", "create", "delete", "rotate", "grant"], "OAuth credential bindings"),
        new("approval", ["read", "list", "approve", "reject"], "Human-in-the-loop queue"),
        new("stimulus", ["ingest"], "Webhook ingestion"),
        new("node", ["read", "list", "register", "deregister", "drain", "shutdown"], "register+ requires aegis:admin"),
        new("stack", ["read", "up", "down", "restart", "update", "uninstall"], "up+ requires aegis:admin"),
        new("key", ["read", "list", "create", "revoke"], "API key self-management"),
        new("tenant", ["read", "list", "onboard", "provision"], "onboard+ requires aegis:admin"),
        new("study", ["request", "read", "fulfill", "decline", "open", "destroy", "dispute"], "Exchange of patient imaging studies"),
        new("webhook", ["read", "write"], "Webhook endpoints and their deliveries"),
        new("audit", ["read"], "The organization's audit trail"),
        new("org", ["read", "write"], "The organization and its partnerships"),
        new("session", ["assert"], "State the risk facts of someone else's connection"),
    ];

    public static readonly FrozenSet<string> All = Rows.SelectMany(row => row.Scopes).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Replaces <c>resource:*</c> by the resource's scopes. Every name must be in the catalogue.</summary>
    public static IReadOnlyList<string> Expand(IEnumerable<string> names) =>
        names.SelectMany(name => Find(name) ?? throw new ArgumentException($"'{name}' is not a scope of the catalogue.", nameof(names)))
            .Distinct(StringComparer.Ordinal).ToList();

    /// <summary>
    /// The scopes that a name means: one scope, a scope for one named object (<c>workflow:run#nightly</c>), or all scopes of a resource
    /// (<c>workflow:*</c>). Null when the catalogue has no such scope.
    /// </summary>
    public static IEnumerable<string>? Find(string name)
    {
        if (All.Contains(name)) return [name];
        if (NamedObject().Match(name) is { Success: true } named) return All.Contains(named.Groups[1].Value) ? [name] : null;
        return Rows.FirstOrDefault(row => name == $"{row.Resource}:{Wildcard}")?.Scopes;
    }

    /// <summary>The subject of an error message about a wrong scope. An API key that was pasted there is not repeated.</summary>
    public static string Shown(string? name) => name is not null && ScopePattern().IsMatch(name) && !KeyText.Shape().IsMatch(name)
        ? $"'{name}'" : "This";

    /// <summary>The scope of the catalogue without the named object. A scope without one is returned unchanged.</summary>
    public static string Whole(string scope) => scope.IndexOf(NameMark) is >= 0 and var at ? scope[..at] : scope;

    [GeneratedRegex("^[A-Za-z0-9:#*._-]{1,100}\\z")]
    private static partial Regex ScopePattern();

    [GeneratedRegex("^([a-z]+:[a-z]+)#[A-Za-z0-9][A-Za-z0-9._-]{0,63}\\z")]
    private static partial Regex NamedObject();
}
