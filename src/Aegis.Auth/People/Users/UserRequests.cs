using System.Net.Mail;
using Aegis.Kernel.Web.Input;
using Aegis.Kernel.Json;
using Aegis.Kernel.Web.Validation;
using FluentValidation;

namespace Aegis.Auth.People.Users;

/// <summary>Invites a person into the caller's organization.</summary>
/// <param name="Email">Where the person is reached; nobody else in the installation has it.</param>
/// <param name="Name">What the person is called; at most 200 characters.</param>
/// <param name="Role"><c>aegis:operator</c>, <c>aegis:admin</c>, or null for one who may only read.</param>
internal sealed record InviteUserRequest(string Email, string Name, string? Role = null);

internal sealed class InviteUserValidator : AbstractValidator<InviteUserRequest>
{
    private const int MaxEmailLength = 254; // RFC 5321 §4.5.3.1.3

    public InviteUserValidator()
    {
        RuleFor(x => x.Email).Must(IsAddress).WithMessage("email must be one address such as a.person@example.org.");
        RuleFor(x => x.Name).NotEmpty().MaximumLength(UserNames.MaxLength).OneLine();
        RuleFor(x => x.Role).Must(UserNames.IsRole).WithMessage(UserNames.RoleSentence);
    }

    private static bool IsAddress(string? email) =>
        email is { Length: > 0 and <= MaxEmailLength }
            && !email.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '<' or '>' or ',' or ';')
        && MailAddress.TryCreate(email, out var parsed) && parsed.Address == email;
}

/// <summary>Changes a user; what is left out stays.</summary>
/// <param name="Name">Another name.</param>
/// <param name="Role">Another role; null for one who may only read.</param>
/// <param name="Disabled">True ends the user's access everywhere, false gives it back.</param>
internal sealed record ChangeUserRequest(
    Optional<string> Name = default, Optional<string> Role = default, Optional<bool> Disabled = default);

internal sealed class ChangeUserValidator : AbstractValidator<ChangeUserRequest>
{
    public ChangeUserValidator()
    {
        RuleFor(x => x.Name).Must(n => !n.IsSent || n.Value is { Length: > 0 and <= UserNames.MaxLength } name
            && !string.IsNullOrWhiteSpace(name) && ReadableText.IsOneLine(name))
            .WithMessage($"name must be one line of 1 to {UserNames.MaxLength} characters.");
        RuleFor(x => x.Role).Must(r => !r.IsSent || UserNames.IsRole(r.Value)).WithMessage(UserNames.RoleSentence);
    }
}

internal static class UserNames
{
    public const int MaxLength = 200;
    public const string RoleSentence = $"role must be {Roles.Operator}, {Roles.Admin} or null.";

    public static bool IsRole(string? role) => role is null or Roles.Operator or Roles.Admin;
}

/// <param name="Id"><c>usr_…</c>.</param>
/// <param name="Email">Where the user is reached; the name it signs in with.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Role"><c>aegis:operator</c>, <c>aegis:admin</c> or null.</param>
/// <param name="HasPassword">True once the user has accepted its invitation.</param>
/// <param name="LockedUntil">Until when too many wrong passwords of strangers keep it from signing in with browsers that it has not used
/// before, or null.</param>
/// <param name="DisabledAt">Since when its keys and logins do not work, or null.</param>
/// <param name="CreatedAt">Since when it is there.</param>
internal sealed record UserResponse(
    string Id, string Email, string Name, string? Role, bool HasPassword, [property: Past] DateTimeOffset? LockedUntil,
    DateTimeOffset? DisabledAt, DateTimeOffset CreatedAt)
{
    public static UserResponse From(User user, DateTimeOffset now) => new(
        user.Id, user.Address, user.Name, user.Role, user.PasswordHash is not null, user.LockoutEnd > now ? user.LockoutEnd : null,
        user.DisabledAt, user.CreatedAt);
}

/// <param name="Id"><c>usr_…</c>.</param>
/// <param name="Email">Whom to hand the address to.</param>
/// <param name="Name">What the user is called.</param>
/// <param name="Role"><c>aegis:operator</c>, <c>aegis:admin</c> or null.</param>
/// <param name="InvitationUrl">The page where the user chooses a password. Whoever has it becomes the user: shown this one time. Null when
/// it is mailed: then only the letter holds it.</param>
/// <param name="ExpiresAt">Until when it works.</param>
/// <param name="Mailed">True when a letter with the address goes to the person; false where the installation sends no mail.</param>
internal sealed record InvitedResponse(
    string Id, string Email, string Name, string? Role, string? InvitationUrl, DateTimeOffset ExpiresAt, bool Mailed)
{
    public override string ToString() => $"{Id} ***";
}
