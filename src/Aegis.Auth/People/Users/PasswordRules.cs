using Microsoft.AspNetCore.Identity;

namespace Aegis.Auth.People.Users;

/// <summary>
/// What a password must be (NIST SP 800-63B §3.1.1): long, not the user's own address, not one that everybody tries. No rules about kinds
/// of characters.
/// </summary>
internal sealed class PasswordRules : IPasswordValidator<User>
{
    public const int MinLength = 12;
    public const int MaxLength = 128;

    private static readonly HashSet<string> Commonest = Read();

    public Task<IdentityResult> ValidateAsync(UserManager<User> manager, User user, string? password) =>
        Task.FromResult(Sentence(user, password ?? "") is { } sentence
        ? IdentityResult.Failed(new IdentityError { Code = "password", Description = sentence })
        : IdentityResult.Success);

    private static string? Sentence(User user, string password)
    {
        var plain = password.ToLowerInvariant();
        if (password.Length < MinLength)
            return $"Choose a password of at least {MinLength} characters. A few words in a row are easy to remember.";
        if (password.Length > MaxLength) return $"Choose a password of at most {MaxLength} characters.";
        if (plain == user.Address || plain == user.Address.Split('@')[0]) return "Choose a password that is not your e-mail address.";
        if (plain.Distinct().Count() < 4 || Commonest.Contains(plain))
            return "This password is among those that are tried first. Choose another one.";
        return null;
    }

    private static HashSet<string> Read()
    {
        using var stream = typeof(PasswordRules).Assembly.GetManifestResourceStream("common-passwords.txt")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .ToHashSet(StringComparer.Ordinal);
    }
}
