using FluentValidation;

namespace Aegis.Auth.Tenancy.Partnerships;

/// <summary>Proposes a partnership to another organization.</summary>
/// <param name="PartnerId">The other organization.</param>
/// <param name="As">The role of your organization in it: <c>consumer</c> requests studies, <c>provider</c> sends them.</param>
/// <param name="BaaUntil">Last day, in UTC, of your business associate agreement.</param>
/// <param name="Deidentification">How studies are de-identified under it; the basic profile if it is not sent. The other side sees it
/// before it approves.</param>
internal sealed record ProposePartnershipRequest(
    string PartnerId, OrganizationRole As, DateOnly BaaUntil, DeidentificationPolicy? Deidentification = null)
{
    public Proposal By(string own)
    {
        var (consumer, provider) = As is OrganizationRole.Consumer ? (own, PartnerId) : (PartnerId, own);
        return new Proposal(consumer, provider, own, BaaUntil, Deidentification ?? new DeidentificationPolicy());
    }
}

internal sealed class ProposePartnershipValidator : AbstractValidator<ProposePartnershipRequest>
{
    public ProposePartnershipValidator(TimeProvider clock)
    {
        RuleFor(x => x.PartnerId).NotEmpty().MaximumLength(Ids.MaxLength);
        RuleFor(x => x.BaaUntil).ValidAgreement(clock);
    }
}

/// <summary>Approves a partnership that the other side proposed.</summary>
/// <param name="BaaUntil">Last day, in UTC, of your business associate agreement.</param>
internal sealed record ApprovePartnershipRequest(DateOnly BaaUntil);

internal sealed class ApprovePartnershipValidator : AbstractValidator<ApprovePartnershipRequest>
{
    public ApprovePartnershipValidator(TimeProvider clock) => RuleFor(x => x.BaaUntil).ValidAgreement(clock);
}

/// <summary>Renews your agreement.</summary>
/// <param name="Until">Its last day, in UTC.</param>
internal sealed record RenewAgreementRequest(DateOnly Until);

internal sealed class RenewAgreementValidator : AbstractValidator<RenewAgreementRequest>
{
    public RenewAgreementValidator(TimeProvider clock) => RuleFor(x => x.Until).ValidAgreement(clock);
}

/// <summary>The rule for the last day of an agreement.</summary>
internal static class AgreementDays
{
    private const int MaxYears = 10; // a later day is probably a typing error

    public static IRuleBuilderOptions<T, DateOnly> ValidAgreement<T>(this IRuleBuilder<T, DateOnly> rule, TimeProvider clock) => rule
        .Must(day => day >= clock.Today()).WithMessage("{PropertyName} must not be in the past (UTC).")
        .Must(day => day <= clock.Today().AddYears(MaxYears)).WithMessage($"{{PropertyName}} must be within {MaxYears} years.");

    public static DateOnly Today(this TimeProvider clock) => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
}
