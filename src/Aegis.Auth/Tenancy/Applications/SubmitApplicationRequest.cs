using System.Text.RegularExpressions;
using Aegis.Kernel.Web.Input;
using Aegis.Kernel.Web.Validation;
using FluentValidation;

namespace Aegis.Auth.Tenancy.Applications;

/// <summary>Applies for access, with the evidence that is checked before a key is issued.</summary>
/// <param name="OrganizationName">Legal name of the organization, at most 200 characters.</param>
/// <param name="Roles"><c>provider</c> sends studies, <c>consumer</c> requests them; one or both.</param>
/// <param name="Contact">The person who is responsible for the application and gets the first key.</param>
/// <param name="Entity">The U.S. entity.</param>
/// <param name="Baa">The signed business associate agreement.</param>
/// <param name="Partner">The organization with which studies will be exchanged.</param>
internal sealed record SubmitApplicationRequest(
    string OrganizationName, IReadOnlyList<OrganizationRole> Roles, ContactBody Contact, EntityBody Entity, BaaBody Baa,
    PartnerBody Partner)
{
    internal Applicant Applicant =>
        new(Contact.Name.Trim(), Contact.Email.Trim().ToLowerInvariant(), Entity.Ein.Replace("-", "", StringComparison.Ordinal));

    public override string ToString() => "***";
}

/// <param name="Name">At most 200 characters.</param>
/// <param name="Email">At most 254 characters; it becomes the address of the first user.</param>
[ConfidentialInput]
internal sealed record ContactBody(string Name, string Email)
{
    public override string ToString() => "***";
}

/// <param name="State">Postal code of the state of incorporation, for example <c>DE</c>; District of Columbia and territories too.</param>
/// <param name="Ein">Employer identification number, <c>12-3456789</c>. It is sealed; only its last four digits are ever shown.</param>
[ConfidentialInput]
internal sealed record EntityBody(string State, string Ein)
{
    public override string ToString() => "***";
}

/// <param name="SignedOn">Day of the signature, not in the future (UTC).</param>
/// <param name="ValidUntil">Its last day, not in the past (UTC).</param>
/// <param name="Sha256">Digest of the signed document: 64 hexadecimal digits.</param>
internal sealed record BaaBody(DateOnly SignedOn, DateOnly ValidUntil, string Sha256);

/// <param name="Id">Id of a registered organization, or null.</param>
/// <param name="Name">The name of the organization, if no id is sent.</param>
internal sealed record PartnerBody(string? Id = null, string? Name = null);

internal sealed class SubmitApplicationValidator : AbstractValidator<SubmitApplicationRequest>
{
    public const int MaxNameLength = 200;

    public SubmitApplicationValidator(TimeProvider clock)
    {
        RuleFor(x => x.OrganizationName).Printable(MaxNameLength);
        RuleFor(x => x.Roles).Must(r => r is { Count: 1 or 2 } && r.Distinct().Count() == r.Count)
            .WithMessage("roles must name provider, consumer or both, each once.");
        RuleFor(x => x.Contact).SetValidator(new ContactValidator());
        RuleFor(x => x.Entity).SetValidator(new EntityValidator());
        RuleFor(x => x.Baa).SetValidator(new BaaValidator(clock));
        RuleFor(x => x.Partner).SetValidator(new PartnerValidator());
    }
}

internal sealed partial class ContactValidator : AbstractValidator<ContactBody>
{
    private const int MaxEmailLength = 254; // RFC 5321 §4.5.3.1.3

    public ContactValidator()
    {
        RuleFor(x => x.Name).Printable(SubmitApplicationValidator.MaxNameLength);
        RuleFor(x => x.Email).MaximumLength(MaxEmailLength).Must(e => e is not null && Address().IsMatch(e.Trim()))
            .WithMessage("email must be an address, for example name@example.org.");
    }

    [GeneratedRegex(@"^[^\s@<>""(),:;\\\p{C}]{1,64}@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+\z")]
    private static partial Regex Address();
}

internal sealed partial class EntityValidator : AbstractValidator<EntityBody>
{
    private static readonly HashSet<string> States = new(StringComparer.Ordinal)
    {
        "AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "FL", "GA", "HI", "ID", "IL", "IN", "IA", "KS", "KY", "LA", "ME", "MD", "MA", "MI",
        "MN", "MS", "MO",
        "MT", "NE", "NV", "NH", "NJ", "NM", "NY", "NC", "ND", "OH", "OK", "OR", "PA", "RI", "SC", "SD", "TN", "TX", "UT", "VT", "VA", "WA",
        "WV", "WI", "WY",
        "DC", "AS", "GU", "MP", "PR", "VI",
    };

    public EntityValidator()
    {
        RuleFor(x => x.State).Must(s => s is not null && States.Contains(s))
            .WithMessage("state must be the postal code of a U.S. state or territory, for example DE.");
        RuleFor(x => x.Ein).Must(e => e is not null && Ein().IsMatch(e)).WithMessage("ein must have nine digits, for example 12-3456789.");
    }

    [GeneratedRegex(@"^(?!00)[0-9]{2}-?[0-9]{7}\z")] // the prefix 00 was never assigned
    private static partial Regex Ein();
}

internal sealed partial class BaaValidator : AbstractValidator<BaaBody>
{
    public BaaValidator(TimeProvider clock)
    {
        RuleFor(x => x.SignedOn).Must(day => day <= clock.Today()).WithMessage("signedOn must not be in the future (UTC).");
        RuleFor(x => x.ValidUntil).ValidAgreement(clock);
        RuleFor(x => x.Sha256).Must(s => s is not null && Digest().IsMatch(s))
            .WithMessage("sha256 must be the SHA-256 of the signed document: 64 hexadecimal digits.");
    }

    [GeneratedRegex(@"^[0-9A-Fa-f]{64}\z")]
    private static partial Regex Digest();
}

internal sealed class PartnerValidator : AbstractValidator<PartnerBody>
{
    public PartnerValidator()
    {
        RuleFor(x => x.Id).Must((x, id) => (id is null) != (x.Name is null)).WithMessage("Send either id or name.")
            .Must(id => id is not "").WithMessage("id must not be empty.").MaximumLength(Ids.MaxLength);
        RuleFor(x => x.Name!).Printable(SubmitApplicationValidator.MaxNameLength).When(x => x.Name is not null);
    }
}

/// <summary>The rule for names that are shown to people.</summary>
internal static class PrintableNames
{
    public static IRuleBuilderOptions<T, string?> Printable<T>(this IRuleBuilder<T, string> rule, int maxLength) =>
        rule.NotEmpty().MaximumLength(maxLength).OneLine();
}
