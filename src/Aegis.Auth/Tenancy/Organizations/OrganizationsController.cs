namespace Aegis.Auth.Tenancy.Organizations;

/// <summary>The caller's organization.</summary>
[ApiController]
[Route("v1/organizations")]
[Tags("Identity")]
internal sealed class OrganizationsController(AuthDb db, Caller caller) : ControllerBase
{
    /// <summary>The organization that the caller belongs to.</summary>
    [HttpGet("me")]
    [RequireScope(Scopes.OrgRead)]
    public async Task<OrganizationResponse> Me(CancellationToken ct) =>
        await db.Organizations
            .Where(o => o.Id == caller.OrganizationId)
            .Select(o => new OrganizationResponse(o.Id, o.Name, o.IsProvider, o.IsConsumer, o.CreatedAt))
            .SingleOrDefaultAsync(ct)
        ?? throw Refuse.NotFound("organization");
}

/// <param name="Id"><c>prov_…</c>, <c>cons_…</c> or <c>org_…</c>.</param>
/// <param name="Name">Its name, as partners see it.</param>
/// <param name="Provider">True when it may be asked for studies.</param>
/// <param name="Consumer">True when it may ask for studies.</param>
/// <param name="CreatedAt">Since when it takes part.</param>
internal sealed record OrganizationResponse(string Id, string Name, bool Provider, bool Consumer, DateTimeOffset CreatedAt);
