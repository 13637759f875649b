using Aegis.Contracts.Vault;
using Aegis.Kernel.Json;

namespace Aegis.Audit.CredentialLog;

/// <summary>Actions on credentials, newest first.</summary>
/// <param name="Log">At most <c>limit</c> entries.</param>
/// <param name="Total">Number of matches, counted up to 10000.</param>
[SnakeCase]
internal sealed record VaultLog(IReadOnlyList<VaultLogItem> Log, int Total);

/// <summary>One action on a credential.</summary>
/// <param name="Id">log_…, the entry of the audit trail.</param>
/// <param name="Timestamp">When it happened.</param>
/// <param name="CredentialName">Name of the credential.</param>
/// <param name="Action">Name of the action.</param>
/// <param name="Actor">Name of the key or user; <c>AEGIS</c> for actions of Aegis itself.</param>
/// <param name="OnBehalfOf">On whose behalf the caller claimed to act, or null. The claim is not checked.</param>
/// <param name="Target">Workflow and node that the credential was applied to, or null.</param>
/// <param name="Success">Whether the action succeeded.</param>
[SnakeCase]
internal sealed record VaultLogItem(
    string Id, DateTimeOffset Timestamp, string CredentialName, string Action, string Actor, string? OnBehalfOf, string? Target,
    bool Success);

/// <summary>The audit trail of credentials, in the format of the vault.</summary>
[ApiController]
[Route("v1/audit/log")]
[Tags("Audit")]
[Produces("application/json")]
[ErrorAndMessage]
internal sealed class VaultLogController(AuditDb db, Caller caller, CatchUp catchUp, ICredentialDirectory credentials) : ControllerBase
{
    private const string Aegis = "AEGIS";
    private const int DefaultLimit = 100;
    private const int MaxCounted = 10_000;

    /// <summary>Lists the actions on your organization's credentials, newest first.</summary>
    /// <remarks><c>GET /v1/audit</c> returns the whole trail, including refused calls.</remarks>
    /// <response code="200">The actions.</response>
    /// <response code="400">validation_failed</response>
    [HttpGet]
    [RequireScope(Scopes.AuditRead)]
    public async Task<VaultLog> Get([FromQuery] VaultLogFilter filter, CancellationToken ct)
    {
        await catchUp.Wait(ct);
        var credentialId = filter.CredentialName is null ? null : await credentials.IdOf(caller.OrganizationId, filter.CredentialName, ct);
        if (filter.CredentialName is not null && credentialId is null) return new VaultLog([], 0);

        // Each audit action has its own index range, so the actions are queried one by one and merged.
        var own = db.Owners.AsNoTracking().Where(o => o.OrganizationId == caller.OrganizationId);
        var (skip, take) = (filter.Offset ?? 0, filter.Limit ?? DefaultLimit);
        var (found, total) = (new List<long>(), 0);
        foreach (var entry in VaultActions.EntriesOf(filter.Action))
        {
            var rows = filter.Match(own, entry, credentialId);
            var newestFirst = rows.OrderByDescending(o => o.Sequence);
            found.AddRange(await newestFirst.Take(skip + take).Select(o => o.Sequence).ToListAsync(ct));
            total += await newestFirst.Take(MaxCounted).CountAsync(ct);
        }

        found.Sort((one, other) => other.CompareTo(one));
        return new VaultLog(await Load(found.Skip(skip).Take(take).ToList(), ct), Math.Min(total, MaxCounted));
    }

    private async Task<List<VaultLogItem>> Load(List<long> sequences, CancellationToken ct)
    {
        var entries = await db.Entries.AsNoTracking().Where(e => sequences.Contains(e.Sequence)).OrderByDescending(e => e.Sequence)
            .ToListAsync(ct);
        var facts = entries.ConvertAll(e => AuditFact.FromBytes(e.Body));
        var names =
            await credentials.NamesOf(caller.OrganizationId, facts.Select(f => f.Object!).Distinct(StringComparer.Ordinal).ToList(), ct);
        return facts.ConvertAll(f => new VaultLogItem(
            f.Id, f.At, names.TryGetValue(f.Object!, out var name) ? name : f.Object!, VaultActions.NameOf(f), f.Actor?.Name ?? Aegis,
            Text(f, "onBehalfOf"), Text(f, "target"), VaultActions.IsSuccess(f)));
    }

    private static string? Text(AuditFact fact, string member) =>
        fact.Details?.TryGetValue(member, out var value) is true && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}
