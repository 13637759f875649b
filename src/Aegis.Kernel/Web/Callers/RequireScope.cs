using Microsoft.AspNetCore.Authorization;

namespace Aegis.Kernel.Web.Callers;

/// <summary>
/// Requires a scope for this operation. It is checked before the body is read and before ownership. With several attributes all scopes are
/// required.
/// </summary>
/// <param name="scope">A scope of the catalogue, or <see cref="Any"/>.</param>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class, AllowMultiple = true)]
public sealed class RequireScopeAttribute(string scope) : AuthorizeAttribute, IAuthorizationRequirementData
{
    /// <summary>Any authenticated caller.</summary>
    public const string Any = "";

    public string Scope { get; } = scope;

    public IEnumerable<IAuthorizationRequirement> GetRequirements() => [new ScopeRequirement(Scope)];
}

/// <summary>The requirement of <see cref="RequireScopeAttribute"/>.</summary>
public sealed record ScopeRequirement(string Scope) : IAuthorizationRequirement;
