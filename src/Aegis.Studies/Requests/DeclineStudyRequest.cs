using Aegis.Kernel.Validation;
using FluentValidation;

namespace Aegis.Studies.Requests;

/// <summary>Says why no study comes.</summary>
/// <param name="Reason">no_match, ambiguous_match, no_consent, not_partner or other.</param>
/// <param name="Note">Words for the consumer, at most 500 characters.</param>
internal sealed record DeclineStudyRequest(DeclineReason Reason, string? Note = null);

internal sealed class DeclineStudyRequestValidator : AbstractValidator<DeclineStudyRequest>
{
    public DeclineStudyRequestValidator() => RuleFor(x => x.Note).MaximumLength(500).Words();
}
