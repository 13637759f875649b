using Aegis.Kernel.Validation;
using FluentValidation;

namespace Aegis.Auth.Applications;

/// <summary>Turns an application down.</summary>
/// <param name="Reason"><c>entity_not_verified</c>, <c>baa_invalid</c>, <c>partner_not_confirmed</c>, <c>duplicate</c> or <c>other</c>.</param>
/// <param name="Note">What the applicant is told beside the reason, at most 500 characters; required with <c>other</c>.</param>
internal sealed record RejectApplicationRequest(RejectionReason Reason, string? Note = null);

internal sealed class RejectApplicationValidator : AbstractValidator<RejectApplicationRequest>
{
    public const int LongestNote = 500;

    public RejectApplicationValidator() => RuleFor(x => x.Note).MaximumLength(LongestNote).Words()
        .Must((x, note) => x.Reason is not RejectionReason.Other || !string.IsNullOrWhiteSpace(note)).WithMessage("note is required with the reason 'other'.");
}
