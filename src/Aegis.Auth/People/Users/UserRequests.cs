using System.Net.Mail;
using Aegis.Kernel.Web.Input;
using Aegis.Kernel.Json;
using Aegis.Kernel.Web.Validation;
using FluentValidation;

namespace Aegis.Auth.People.Users;

/// <summary>Invites a person into the caller's organization.</summary>
/// <param name="Email">The person's e-mail address; unique in the installation.</param>
/// <param name="Name">The person's name; at most 200 characters.</param>
/// <param name="Role"><c>aegis:operator</c>, <c>aegis:admin</c>, or null for a user who may only read.</param>
internal sealed record InviteUserRequest(string Email, string Name, string? Role = null);

internal sealed class InviteUserValidator : AbstractValidator<InviteUserRequest>
{
    private const int MaxEmailLength = 254; // RFC 5321 §4.5.3.1.3

    public InviteUserValidator()
    {
        RuleFor(x => x.Email).Must(IsAddress).WithMessage("email must be one address, for example a.person@example.org.");
        RuleFor(x => x.Name).NotEmpty().MaximumLength(UserNames.MaxLength).OneLine();
        RuleFor(x => x.Role).Must(UserNames.IsRole).WithMessage(UserNames.RoleSentence);
    }

    private static bool IsAddress(string? email) =>
        email is { Length: > 0 and <= MaxEmailLength }
            && !email.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '<' or '>' or ',' or ';')
        && MailAddress.TryCreate(email, out var parsed) && parsed.Address == email;
}

/// <summary>Changes a user. Members that are left out stay as they are.</summary>
/// <param name="Name">The new name.</param>
/// <param name="Role">The new role; null for a user who may only read.</param>
/// <param name="Disabled">True ends the user's access everywhere, false restores it.</param>
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
/// <param name="Email">The user's e-mail address, which is also the name for signing in.</param>
/// <param name="Name">The user's name.</param>
/// <param name="Role"><c>aegis:operator</c>, <c>aegis:admin</c> or null.</param>
/// <param name="HasPassword">True once the user has accepted the invitation.</param>
/// <param name="LockedUntil">After too many wrong passwords from unknown browsers: until then the user can sign in only with a browser used
/// before. Otherwise null.</param>
/// <param name="DisabledAt">When the user was disabled, or null. The keys and logins of a disabled user do not work.</param>
/// <param name="CreatedAt">When the user was created.</param>
internal sealed record UserResponse(
    string Id, string Email, string Name, string? Role, bool HasPassword, [property: Past] DateTimeOffset? LockedUntil,
    DateTimeOffset? DisabledAt, DateTimeOffset CreatedAt)
{
    public static UserResponse From(User user, DateTimeOffset now) => new(
        user.Id, user.Address, user.Name, user.Role, user.PasswordHash is not null, user.LockoutEnd > now ? user.LockoutEnd : null,
        user.DisabledAt, user.CreatedAt);
}

/// <param name="Id"><c>usr_…</c>.</param>
/// <param name="Email">The person who gets the invitation.</param>
/// <param name="Name">The user's name.</param>
/// <param name="Role"><c>aegis:operator</c>, <c>aegis:admin</c> or null.</param>
/// <param name="InvitationUrl">The page where the user chooses a password, shown only this time. Anyone who has it can sign in as the user.
/// Null when it is mailed: then only the message contains it.</param>
/// <param name="ExpiresAt">When the invitation expires.</param>
/// <param name="Mailed">True when the link is mailed to the person; false when this installation sends no mail.</param>
internal sealed record InvitedResponse(
    string Id, string Email, string Name, string? Role, string? InvitationUrl, DateTimeOffset ExpiresAt, bool Mailed)
{
    public override string ToString() => $"{Id} ***";
}
