using Aegis.Kernel.Json;
using FluentValidation;

namespace Aegis.Audit.VaultLog;

/// <summary>Which acts on credentials are asked for. Filters combine.</summary>
/// <param name="CredentialName">Name of a credential, exactly; retired ones too.</param>
/// <param name="Action">One of <c>created</c>, <c>updated</c>, <c>value_read</c>, <c>value_set</c>, <c>applied</c>, <c>rotated</c>,
/// <c>rolled_back</c>, <c>tested</c>, <c>synced</c>, <c>retired</c>, <c>restored</c>.</param>
/// <param name="Actor">Name of a key or user, or of whom one acted for by its own word, exactly.</param>
/// <param name="OnBehalfOf">Whom the caller said it acted for, exactly. Nobody checks that claim.</param>
/// <param name="StartDate">Earliest time (RFC 3339), included.</param>
/// <param name="EndDate">Latest time (RFC 3339), not included.</param>
/// <param name="Limit">1 to 200, 100 unless told.</param>
/// <param name="Offset">Leaves out that many: 0 to 10000.</param>
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

    /// <summary>The rows of one kind of entry.</summary>
    public IQueryable<EntryOwner> Match(IQueryable<EntryOwner> rows, string entry, string? credentialId)
    {
        rows = rows.Where(o => o.Action == entry);
        if (credentialId is not null) rows = rows.Where(o => o.Object == credentialId);
        if (Actor is not null) rows = rows.Where(o => o.Name == Actor || o.OnBehalfOf == Actor);
        if (OnBehalfOf is not null) rows = rows.Where(o => o.OnBehalfOf == OnBehalfOf);
        if (StartDate is not null && Rfc3339.Parse(StartDate) is { } from) rows = rows.Where(o => o.At >= from);
        if (EndDate is not null && Rfc3339.Parse(EndDate) is { } to) rows = rows.Where(o => o.At < to);
        return rows.Where(o => o.Object != null); // a call that was refused before its credential was found belongs to none
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
            .WithMessage($"offset must be between 0 and {VaultLogFilter.MaxOffset}. Narrow the log by start_date and end_date instead.");
    }
}
