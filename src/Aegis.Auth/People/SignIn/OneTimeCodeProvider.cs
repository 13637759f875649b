using Microsoft.AspNetCore.Identity;

namespace Aegis.Auth.People.SignIn;

/// <summary>
/// Makes our authenticators Identity's second factor. Their secrets are sealed, wrong codes are counted, and no code works twice.
/// </summary>
internal sealed class OneTimeCodeProvider(Authenticators authenticators) : IUserTwoFactorTokenProvider<User>
{
    public const string Name = "Authenticator";

    public Task<string> GenerateAsync(string purpose, UserManager<User> manager, User user) =>
        throw new NotSupportedException("The user's device makes the codes.");

    /// <exception cref="Kernel.Web.Refusals.RefusedException">The code is wrong or was used, or the user is locked.</exception>
    public async Task<bool> ValidateAsync(string purpose, string token, UserManager<User> manager, User user)
    {
        await authenticators.Verify(user.Id, token, CancellationToken.None);
        return true;
    }

    public Task<bool> CanGenerateTwoFactorTokenAsync(UserManager<User> manager, User user) => manager.GetTwoFactorEnabledAsync(user);
}
