using Aegis.Kernel.Json;
using FluentValidation;

namespace Aegis.Audit.Trail;

/// <summary>Selects entries of your organization. Filters combine.</summary>
/// <param name="Actor">Id of a key (<c>key_…</c>) or user (<c>usr_…</c>), or else the exact name of one.</param>
/// <param name="Action">An exact action, or a prefix followed by <c>*</c>: <c>transfer.*</c>, <c>POST *</c>.</param>
/// <param name="Object">Exact id of an object.</param>
/// <param name="Outcome"><c>success</c>, <c>refused</c> or <c>failed</c>.</param>
/// <param name="Kind"><c>call</c> or <c>event</c>.</param>
/// <param name="From">Start time (RFC 3339), inclusive.</param>
/// <param name="To">End time (RFC 3339), exclusive.</param>
internal sealed record AuditFilter(
    string? Actor = null, string? Action = null, string? Object = null, string? Outcome = null, string? Kind = null, string? From = null,
    string? To = null)
{
    private const string AfterAllText = "\uffff"; // sorts after every string with the prefix

    /// <summary>True if the entries are read by the time index.</summary>
    internal bool ByTime => From is not null || To is not null;

    /// <summary>True if one index covers the whole filter, so that no row is read in vain.</summary>
    internal bool IsRange =>
        Names.Except(["from", "to"]).Count() <= (ByTime ? 0 : 1) && Outcome is null && Kind is null && !IsPrefix && !IsName;

    /// <summary>Names of the filters that are set.</summary>
    internal IReadOnlyList<string> Names => [.. new[]
    {
        ("actor", Actor), ("action", Action), ("object", Object), ("outcome", Outcome), ("kind", Kind), ("from", From), ("to", To),
    }.Where(m => m.Item2 is not null).Select(m => m.Item1)];

    /// <summary>True if the actor is given by name. Names have no index: there are few, and ids have one.</summary>
    private bool IsName => Actor is not null && !IsKey(Actor) && !IsUser(Actor);

    private bool IsPrefix => Action?.EndsWith('*') is true;

    /// <summary>The part of the filter that one index covers: a range that is read from one end.</summary>
    public IQueryable<EntryOwner> Range(IQueryable<EntryOwner> rows)
    {
        if (ByTime)
        {
            if (From is not null && Rfc3339.Parse(From) is { } from) rows = rows.Where(o => o.At >= from);
            if (To is not null && Rfc3339.Parse(To) is { } to) rows = rows.Where(o => o.At < to);
            return rows;
        }

        if (Object is not null) rows = rows.Where(o => o.Object == Object);
        else if (Actor is not null) rows = ByActor(rows, Actor);
        else if (Action is not null && !IsPrefix) rows = rows.Where(o => o.Action == Action);
        return rows;
    }

    /// <summary>The whole filter, applied to the rows of the range.</summary>
    public IQueryable<EntryOwner> Match(IQueryable<EntryOwner> rows)
    {
        if (Actor is not null) rows = ByActor(rows, Actor);
        if (Object is not null) rows = rows.Where(o => o.Object == Object);
        if (Outcome is not null) rows = rows.Where(o => o.Outcome == Outcome);
        if (Kind is not null) rows = rows.Where(o => o.Kind == Kind);
        if (Action is null) return rows;

        if (!IsPrefix) return rows.Where(o => o.Action == Action);
        var (first, last) = (Action[..^1], Action[..^1] + AfterAllText);
        return rows.Where(o => string.Compare(o.Action, first) >= 0 && string.Compare(o.Action, last) < 0);
    }

    private static IQueryable<EntryOwner> ByActor(IQueryable<EntryOwner> rows, string actor)
    {
        if (IsKey(actor)) return rows.Where(o => o.KeyId == actor);
        if (IsUser(actor)) return rows.Where(o => o.Subject == actor);
        return rows.Where(o => o.Name == actor);
    }

    private static bool IsKey(string actor) => actor.StartsWith("key_", StringComparison.Ordinal);

    private static bool IsUser(string actor) => actor.StartsWith("usr_", StringComparison.Ordinal);
}

internal sealed class AuditFilterValidator : AbstractValidator<AuditFilter>
{
    public AuditFilterValidator()
    {
        RuleFor(x => x.Actor).MaximumLength(EntryOwner.NameLength);
        RuleFor(x => x.Action).MaximumLength(EntryOwner.ActionLength);
        RuleFor(x => x.Object).MaximumLength(Ids.MaxLength);
        RuleFor(x => x.Outcome).Must(o => o is null or AuditFact.Success or AuditFact.Refused or AuditFact.Failed)
            .WithMessage("outcome must be 'success', 'refused' or 'failed'.");
        RuleFor(x => x.Kind).Must(k => k is null or AuditFact.Call or AuditFact.Event).WithMessage("kind must be 'call' or 'event'.");
        RuleFor(x => x.From).Must(t => t is null || Rfc3339.Parse(t) is not null).WithMessage(x => Rfc3339.Sentence("from"));
        RuleFor(x => x.To).Must(t => t is null || Rfc3339.Parse(t) is not null).WithMessage(x => Rfc3339.Sentence("to"));
    }
}
