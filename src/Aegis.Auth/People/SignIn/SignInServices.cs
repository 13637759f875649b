using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Aegis.Auth.People.SignIn;

/// <summary>Registers the services for people: Identity with our store, the cookies, and Data Protection for the cookies.</summary>
internal static class SignInServices
{
    private const int Iterations = 210_000; // of PBKDF2 with HMAC-SHA-512, as OWASP recommends

    public static void AddPeople(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(ExternalOptions.From(configuration));
        services.AddSingleton<ExternalProvider>();
        services.AddScoped<ExternalSignIn>();
        services.AddIdentityCore<User>(o =>
            {
                o.User.AllowedUserNameCharacters = ""; // an e-mail address may contain any character
                o.Password.RequiredLength = 1; // PasswordRules checks passwords, with its own messages
                o.Password.RequireDigit = o.Password.RequireLowercase = o.Password.RequireUppercase =
                    o.Password.RequireNonAlphanumeric = false;
            })
            .AddSignInManager()
            .AddUserStore<UserStore>()
            .AddPasswordValidator<PasswordRules>()
            .AddTokenProvider<OneTimeCodeProvider>(OneTimeCodeProvider.Name);
        services.Configure<PasswordHasherOptions>(o => o.IterationCount = Iterations);
        services.AddSingleton<IConfigureOptions<IdentityPasskeyOptions>, PasskeyRules>();
        services.AddSingleton(new HashSlots(Environment.ProcessorCount));
        services.AddSingleton<TimingDummyPassword>();
        services.AddSingleton<AddressFailures>();
        services.AddScoped<PasswordHashing>();
        services.AddScoped<KnownBrowsers>();
        services.AddScoped<CompleteSignIn>();
        services.AddScoped<PasswordSignIn>();
        services.AddScoped<PasskeySignIn>();
        services.AddScoped<Reauthentication>();
        services.AddScoped<RecentSignIn>();
        services.AddScoped<IRecentSignIn>(sp => sp.GetRequiredService<RecentSignIn>());
        services.AddScoped<Passwords>();
        services.AddScoped<InvitationAcceptance>();
        services.AddScoped<UserChanges>();
        services.AddScoped<InvitationMail>();

        services.AddSingleton<IConfigureOptions<CookieAuthenticationOptions>, PersonCookie>();
        services.AddDataProtection().SetApplicationName("aegis");
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>, SealedKeyRepository>();
    }
}
