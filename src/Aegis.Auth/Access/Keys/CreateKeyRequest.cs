using Aegis.Kernel.Web.Input;
using Aegis.Kernel.Web.Validation;
using FluentValidation;

namespace Aegis.Auth.Access.Keys;

/// <summary>Requests a new API key: a preset or a list of scopes, and how long it works.</summary>
/// <param name="Name">A name of your choice, for example <c>ci-pipeline</c>; at most 100 characters.</param>
/// <param name="Expiry"><c>7d</c>, <c>30d</c>, <c>90d</c>, <c>1y</c> (365 days) or <c>never</c> (needs aegis:admin).</param>
/// <param name="Preset">A preset of <c>GET /v1/auth/scopes</c>; <c>full-access</c> is limited to the scopes that you have.</param>
/// <param name="Scopes">Instead of a preset: scopes, <c>resource:*</c>, or a scope for one named object, for example
/// <c>workflow:run#nightly</c>.</param>
/// <param name="Partners">Partner organizations it may deal with; null for all of yours.</param>
internal sealed record CreateKeyRequest(
    string Name, string Expiry, string? Preset = null, IReadOnlyList<string>? Scopes = null, IReadOnlyList<string>? Partners = null);

internal sealed class CreateKeyValidator : AbstractValidator<CreateKeyRequest>
{
    private const int MaxNameLength = 100;
    private const int MaxScopes = 200;
    private const int MaxPartners = 100;

    public CreateKeyValidator()
    {
        RuleFor(x => x.Name).NotEmpty().MaximumLength(MaxNameLength).OneLine();
        RuleFor(x => x.Expiry).Must(e => e is not null && KeyGrants.Expiries.ContainsKey(e))
            .WithMessage("expiry must be 7d, 30d, 90d, 1y or never.");
        RuleFor(x => x.Preset).Must(p => p is null || Presets.Find(p) is not null)
            .WithMessage($"preset must be one of {string.Join(", ", Presets.All.Select(p => p.Name))}.");
        RuleFor(x => x.Scopes).Must((x, scopes) => (scopes is null) != (x.Preset is null)).WithMessage("Send either preset or scopes.")
            .Must(scopes => scopes is null or { Count: > 0 and <= MaxScopes }).WithMessage($"scopes must name 1 to {MaxScopes} scopes.")
            .Must(scopes => scopes is null || Length(scopes) <= ApiKeyMap.ListLength)
            .WithMessage("The list of scopes is too long. Create several keys, or use scopes without object names.");
        RuleForEach(x => x.Scopes).Must(s => s is not null && ScopeCatalogue.Find(s) is not null)
            .WithMessage((_, scope) => $"{ScopeCatalogue.Shown(scope)} is not a scope. See GET /v1/auth/scopes.");
        RuleFor(x => x.Partners).Must(p => p is null or { Count: > 0 and <= MaxPartners })
            .WithMessage($"partners must name 1 to {MaxPartners} organizations.");
        RuleForEach(x => x.Partners).Must(p => !string.IsNullOrEmpty(p) && p.Length <= Ids.MaxLength)
            .WithMessage("This is not the id of an organization.");
    }

    /// <summary>The length of the stored list. A longer list would fit neither the column nor, in a token, a header.</summary>
    private static int Length(IEnumerable<string> scopes) =>
        scopes.SelectMany(s => s is null ? [] : ScopeCatalogue.Find(s) ?? []).Distinct(StringComparer.Ordinal)
            .Sum(s => s.Length + "\"\",".Length) + 1;
}

/// <summary>Requests the replacement of a key.</summary>
/// <param name="Overlap">How long the old key still works: <c>0</c>, <c>15m</c>, <c>1h</c> or <c>24h</c>.</param>
internal sealed record RotateKeyRequest(string Overlap);

internal sealed class RotateKeyValidator : AbstractValidator<RotateKeyRequest>
{
    public static readonly IReadOnlyDictionary<string, TimeSpan> Overlaps = new Dictionary<string, TimeSpan>(StringComparer.Ordinal)
    {
        ["0"] = TimeSpan.Zero,
        ["15m"] = TimeSpan.FromMinutes(15),
        ["1h"] = TimeSpan.FromHours(1),
        ["24h"] = TimeSpan.FromHours(24),
    };

    public RotateKeyValidator() =>
        RuleFor(x => x.Overlap).Must(o => o is not null && Overlaps.ContainsKey(o)).WithMessage("overlap must be 0, 15m, 1h or 24h.");
}

/// <summary>Reports a leaked key.</summary>
/// <param name="Key">The whole key. It is neither stored nor logged.</param>
[ConfidentialInput]
internal sealed record ReportLeakRequest(string Key)
{
    public override string ToString() => "***";
}

internal sealed class ReportLeakValidator : AbstractValidator<ReportLeakRequest>
{
    public ReportLeakValidator() => RuleFor(x => x.Key).Must(KeyText.IsWellFormed)
        .WithMessage("key is not a complete API key of Aegis. Check that every character was copied.");
}
