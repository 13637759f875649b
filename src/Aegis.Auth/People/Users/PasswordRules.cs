using Microsoft.AspNetCore.Identity;

namespace Aegis.Auth.People.Users;

/// <summary>
/// The rules for passwords (NIST SP 800-63B §3.1.1): long enough, not the user's address, not a common password. There are no rules about
/// kinds of characters.
/// </summary>
internal sealed class PasswordRules : IPasswordValidator<User>
{
    public const int MinLength = 12;
    public const int MaxLength = 128;

    private static readonly HashSet<string> CommonPasswords = ReadCommonPasswords();

    public Task<IdentityResult> ValidateAsync(UserManager<User> manager, User user, string? password) =>
        Task.FromResult(Objection(user, password ?? "") is { } sentence
        ? IdentityResult.Failed(new IdentityError { Code = "password", Description = sentence })
        : IdentityResult.Success);

    private static string? Objection(User user, string password)
    {
        var plain = password.ToLowerInvariant();
        if (password.Length < MinLength)
            return $"Choose a password of at least {MinLength} characters. A few words in a row are easy to remember.";
        if (password.Length > MaxLength) return $"Choose a password of at most {MaxLength} characters.";
        if (plain == user.Address || plain == user.Address.Split('@')[0]) return "Choose a password that is not your e-mail address.";
        if (plain.Distinct().Count() < 4 || CommonPasswords.Contains(plain))
            return "This password is too common: attackers try it first. Choose another one.";
        return null;
    }

    private static HashSet<string> ReadCommonPasswords()
    {
        using var stream = typeof(PasswordRules).Assembly.GetManifestResourceStream("common-passwords.txt")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .ToHashSet(StringComparer.Ordinal);
    }
}
