using Aegis.Kernel.Json;
using FluentValidation;

namespace Aegis.Audit.CredentialLog;

/// <summary>Selects actions on credentials. Filters combine.</summary>
/// <param name="CredentialName">Exact name of a credential, which may be retired.</param>
/// <param name="Action">One of <c>created</c>, <c>updated</c>, <c>value_read</c>, <c>value_set</c>, <c>applied</c>, <c>rotated</c>,
/// <c>rolled_back</c>, <c>tested</c>, <c>synced</c>, <c>retired</c>, <c>restored</c>.</param>
/// <param name="Actor">Exact name of a key or user, or of the person that a caller claimed to act for.</param>
/// <param name="OnBehalfOf">Exact name of whom the caller claimed to act for. The claim is not checked.</param>
/// <param name="StartDate">Start time (RFC 3339), inclusive.</param>
/// <param name="EndDate">End time (RFC 3339), exclusive.</param>
/// <param name="Limit">1 to 200. Default: 100.</param>
/// <param name="Offset">Number of entries to skip: 0 to 10000.</param>
[SnakeCase]
internal sealed record VaultLogFilter(
    [FromQuery(Name = "credential_name")] string? CredentialName = null,
    [FromQuery(Name = "action")] string? Action = null,
    [FromQuery(Name = "actor")] string? Actor = null,
    [FromQuery(Name = "on_behalf_of")] string? OnBehalfOf = null,
    [FromQuery(Name = "start_date")] string? StartDate = null,
    [FromQuery(Name = "end_date")] string? EndDate = null,
    [FromQuery(Name = "limit")] int? Limit = null,
    [FromQuery(Name = "offset")] int? Offset = null)
{
    public const int MaxLimit = 200;
    public const int MaxOffset = 10_000;

    /// <summary>The rows of one audit action.</summary>
    public IQueryable<EntryOwner> Match(IQueryable<EntryOwner> rows, string entry, string? credentialId)
    {
        rows = rows.Where(o => o.Action == entry);
        if (credentialId is not null) rows = rows.Where(o => o.Object == credentialId);
        if (Actor is not null) rows = rows.Where(o => o.Name == Actor || o.OnBehalfOf == Actor);
        if (OnBehalfOf is not null) rows = rows.Where(o => o.OnBehalfOf == OnBehalfOf);
        if (StartDate is not null && Rfc3339.Parse(StartDate) is { } from) rows = rows.Where(o => o.At >= from);
        if (EndDate is not null && Rfc3339.Parse(EndDate) is { } to) rows = rows.Where(o => o.At < to);
        return rows.Where(o => o.Object != null); // a call that was refused before its credential was found has no object
    }
}

internal sealed class VaultLogFilterValidator : AbstractValidator<VaultLogFilter>
{
    private const int NameLength = 100;

    public VaultLogFilterValidator()
    {
        RuleFor(x => x.CredentialName).MaximumLength(NameLength);
        RuleFor(x => x.Action).Must(a => a is null || VaultActions.All.Contains(a))
            .WithMessage($"action must be one of {string.Join(", ", VaultActions.All)}.");
        RuleFor(x => x.Actor).MaximumLength(EntryOwner.NameLength);
        RuleFor(x => x.OnBehalfOf).MaximumLength(EntryOwner.ClaimLength);
        RuleFor(x => x.StartDate).Must(t => t is null || Rfc3339.Parse(t) is not null).WithMessage(Rfc3339.Sentence("start_date"));
        RuleFor(x => x.EndDate).Must(t => t is null || Rfc3339.Parse(t) is not null).WithMessage(Rfc3339.Sentence("end_date"));
        RuleFor(x => x.Limit).InclusiveBetween(1, VaultLogFilter.MaxLimit)
            .WithMessage($"limit must be between 1 and {VaultLogFilter.MaxLimit}.");
        RuleFor(x => x.Offset).InclusiveBetween(0, VaultLogFilter.MaxOffset)
            .WithMessage($"offset must be between 0 and {VaultLogFilter.MaxOffset}. For older entries, set end_date instead.");
    }
}
