using Aegis.Kernel.Web.Http;

namespace Aegis.Vault.Connections;

/// <summary>Connections of your organization to other systems, such as its n8n. One of each kind.</summary>
[ApiController]
[Route("v1/vault/connections")]
[Tags("Connections")]
[Produces("application/json")]
[ErrorAndMessage]
internal sealed class ConnectionsController(
    VaultDb db, Caller caller, ConnectionKinds kinds, ConnectionChanges changes, CredentialSeal seal) : ControllerBase
{
    /// <summary>Lists all kinds and which of them are set.</summary>
    /// <response code="200">The kinds.</response>
    [HttpGet]
    [RequireScope(Scopes.CredentialRead)]
    public async Task<ConnectionList> List(CancellationToken ct)
    {
        var own = caller.OrganizationId;
        var set = await db.Connections.AsNoTracking().Where(c => c.OrganizationId == own)
            .ToDictionaryAsync(c => c.Kind, c => c.UpdatedAt, ct);
        return new ConnectionList(kinds.All.Select(k => set.TryGetValue(k.Name, out var at)
            ? new ConnectionItem(k.Name, IsSet: true, at)
            : new ConnectionItem(k.Name, IsSet: false, UpdatedAt: null)).ToList());
    }

    /// <summary>Shows how a system is reached, without secret members.</summary>
    /// <response code="200">The settings, with their ETag.</response>
    /// <response code="404">not_found</response>
    [HttpGet("{kind}")]
    [RequireScope(Scopes.CredentialRead)]
    public async Task<ConnectionResponse> Get(string kind, CancellationToken ct)
    {
        var connection = await Find(db.Connections.AsNoTracking(), Kind(kind), ct) ?? throw NotSet();
        return Answer(connection);
    }

    /// <summary>
    /// Sets how a system is reached. Aegis does not call it; <c>POST /v1/sync/n8n?dryRun=true</c> shows whether it works.
    /// </summary>
    /// <remarks>
    /// The values of all credentials go through a connection, so this needs <c>secret:read</c> and <c>secret:write</c>. Sealed members that
    /// are left out stay as they are, unless other members change: then they must be sent again.
    /// </remarks>
    /// <response code="200">The settings, with their new ETag.</response>
    /// <response code="400">validation_failed, secret_required, if_match_invalid</response>
    /// <response code="404">not_found (no such kind)</response>
    /// <response code="409">concurrent_change</response>
    /// <response code="412">revision_mismatch</response>
    [HttpPut("{kind}")]
    [RequireScope(Scopes.SecretWrite)]
    [RequireScope(Scopes.SecretRead)]
    public async Task<ConnectionResponse> Set(string kind, SetConnectionRequest request, CancellationToken ct)
    {
        var known = Kind(kind);
        var connection = await Find(db.Connections, known, ct);
        Request.RequireMatch(connection, "This connection is not set. Leave If-Match out to set it.");
        return Answer(await changes.Set(known, caller.OrganizationId, connection, request.Config, ct));
    }

    /// <summary>Changes the members that are sent (RFC 7396); <c>null</c> removes a member.</summary>
    /// <remarks>It needs the same scopes as <c>PUT</c> and asks for the sealed members again in the same cases.</remarks>
    /// <response code="200">The settings, with their new ETag.</response>
    /// <response code="400">validation_failed, secret_required, if_match_invalid</response>
    /// <response code="404">not_found</response>
    /// <response code="409">concurrent_change</response>
    /// <response code="412">revision_mismatch</response>
    [HttpPatch("{kind}")]
    [RequireScope(Scopes.SecretWrite)]
    [RequireScope(Scopes.SecretRead)]
    public async Task<ConnectionResponse> Change(string kind, ChangeConnectionRequest request, CancellationToken ct)
    {
        var known = Kind(kind);
        var connection = await Find(db.Connections, known, ct) ?? throw NotSet();
        Request.RequireMatch(connection);
        return Answer(await changes.Change(known, connection, request.Config, ct));
    }

    /// <summary>
    /// Removes a connection. Credentials stay; calls that need the connection fail with <c>connection_missing</c> until it is set again.
    /// </summary>
    /// <response code="204">It is removed.</response>
    /// <response code="404">not_found</response>
    /// <response code="409">concurrent_change</response>
    /// <response code="412">revision_mismatch</response>
    [HttpDelete("{kind}")]
    [RequireScope(Scopes.SecretWrite)]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    public async Task<IActionResult> Remove(string kind, CancellationToken ct)
    {
        var connection = await Find(db.Connections, Kind(kind), ct) ?? throw NotSet();
        Request.RequireMatch(connection);
        connection.Remove();
        db.Connections.Remove(connection);
        await db.SaveChangesAsync(ct);
        return NoContent();
    }

    private ConnectionKind Kind(string name) => kinds.Find(name) ?? throw Refuse.NotFound("kind of connection");

    private Task<Connection?> Find(IQueryable<Connection> connections, ConnectionKind kind, CancellationToken ct)
    {
        var (own, name) = (caller.OrganizationId, kind.Name);
        return connections.FirstOrDefaultAsync(c => c.OrganizationId == own && c.Kind == name, ct);
    }

    private ConnectionResponse Answer(Connection connection)
    {
        Response.SetETag(connection);
        var opened = seal.OpenConfig(connection.Id, connection.SealedConfig);
        var secret = Kind(connection.Kind).Shape.SecretPaths(opened).Order(StringComparer.Ordinal).ToList();
        return new ConnectionResponse(
            connection.Kind, JsonNode.Parse(connection.Config)!.AsObject(), secret, connection.CreatedAt, connection.UpdatedAt);
    }

    private static RefusedException NotSet() => Refuse.NotFound("connection");
}
