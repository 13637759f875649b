namespace Aegis.Auth.Access.Permissions;

/// <summary>The scopes and presets of API keys.</summary>
[ApiController]
[Route("v1/auth/scopes")]
[Tags("Identity")]
internal sealed class ScopesController : ControllerBase
{
    private static readonly ScopesResponse Catalogue = new(
        [.. ScopeCatalogue.Rows.Select(row => new ScopeResource(row.Resource, row.Actions, row.Notes))],
        Presets.All);

    /// <summary>Lists the scope catalogue by resource, and the presets with their scopes.</summary>
    [HttpGet]
    [RequireScope(RequireScopeAttribute.Any)]
    public ActionResult<ScopesResponse> List() => Ok(Catalogue);
}

/// <param name="Resources">The catalogue; a scope is written <c>resource:action</c>.</param>
/// <param name="Presets">Named sets of scopes.</param>
internal sealed record ScopesResponse(IReadOnlyList<ScopeResource> Resources, IReadOnlyList<Preset> Presets);

/// <param name="Resource">For example <c>workflow</c>.</param>
/// <param name="Actions">The actions on it.</param>
/// <param name="Notes">What an action means or requires, or null.</param>
internal sealed record ScopeResource(string Resource, IReadOnlyList<string> Actions, string? Notes);
