namespace Aegis.Auth.Tenancy.Organizations;

/// <summary>The caller's organization.</summary>
[ApiController]
[Route("v1/organizations")]
[Tags("Identity")]
internal sealed class OrganizationsController(AuthDb db, Caller caller) : ControllerBase
{
    /// <summary>Returns the organization of the caller.</summary>
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
/// <param name="Provider">True if studies may be requested of it.</param>
/// <param name="Consumer">True if it may request studies.</param>
/// <param name="CreatedAt">When it was created.</param>
internal sealed record OrganizationResponse(string Id, string Name, bool Provider, bool Consumer, DateTimeOffset CreatedAt);
