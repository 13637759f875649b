using Microsoft.AspNetCore.Authorization;

namespace Aegis.Kernel.Callers;

/// <summary>The scope a caller needs for this operation, checked before the body is read and before ownership.</summary>
/// <param name="scope">A scope of the catalogue, or <see cref="Any"/>.</param>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class)]
public sealed class RequireScopeAttribute(string scope) : AuthorizeAttribute, IAuthorizationRequirementData
{
    /// <summary>Any authenticated caller.</summary>
    public const string Any = "";

    public string Scope { get; } = scope;

    public IEnumerable<IAuthorizationRequirement> GetRequirements() => [new ScopeRequirement(Scope)];
}

/// <summary>The requirement behind <see cref="RequireScopeAttribute"/>.</summary>
public sealed record ScopeRequirement(string Scope) : IAuthorizationRequirement;
