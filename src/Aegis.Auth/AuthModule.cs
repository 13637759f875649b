using Aegis.Auth.People.Onboarding;
using Aegis.Auth.Sandbox;
using Aegis.Contracts.Sandbox;
using Aegis.Kernel.Jobs;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using SessionOptions = Aegis.Auth.Access.Sessions.SessionOptions;

namespace Aegis.Auth;

/// <summary>
/// Identity: organizations, partnerships, users, API keys, access tokens and scopes. <c>Access</c> authenticates calls, <c>Tenancy</c>
/// contains organizations and their partnerships, <c>People</c> signs people in, and <c>Pages</c> is their user interface. The host
/// calls the methods below at its start.
/// </summary>
public static class AuthModule
{
    private const string BearerScheme = "Bearer";
    private const string KeyScheme = "ApiKey";
    internal const string TokenScheme = "AccessToken";

    public static IServiceCollection AddAuth(this IServiceCollection services, IConfiguration configuration, DatabaseOptions database)
    {
        services.AddModuleDb<AuthDb, SqliteAuthDb, SqlServerAuthDb>(database);
        var options = AuthOptions.From(configuration);
        services.AddSingleton(sp =>
            options with { Sandbox = options.Sandbox ?? sp.GetRequiredService<IHostEnvironment>().IsDevelopment() });

        services.AddSingleton<Pepper>();
        services.AddSingleton<KeyStates>();
        services.AddSingleton<KeyCheck>();
        services.AddSingleton<IKeyDirectory, KeyDirectory>();
        services.AddSingleton<IUserRights, UserRights>();
        services.AddScoped<KeyChanges>();
        services.AddSingleton<ExposedKeys>();
        services.AddSingleton<KeyUses>();
        services.AddHostedService(sp => sp.GetRequiredService<KeyUses>());
        services.AddSingleton<WrongSecrets>();
        services.AddHostedService(sp => sp.GetRequiredService<WrongSecrets>());
        services.AddSingleton<KeyGuessLimit>();
        services.AddRevocation();

        services.AddSingleton<SigningKeys>();
        services.AddScoped<SigningKeyRotation>();
        services.AddRecurringJob<RotateSigningKeysJob>();
        services.AddSingleton<Issuer>();
        services.AddSingleton<TokenIssuer>();
        services.AddSingleton<OAuthClient>();
        services.AddSingleton<PresentedTokens>();
        services.AddGrants();

        services.AddSingleton<ActivePartnershipQuery>();
        services.AddSingleton<UnknownPartners>();
        services.AddScoped<IPartnerships, ActivePartnerships>();
        services.AddScoped<ISandboxIdentity, SandboxIdentity>();

        services.AddVerifiedAccess(configuration);
        services.AddSessions(SessionOptions.From(configuration));
        services.AddBearer();
        services.AddPeople(configuration);
        return services;
    }

    /// <summary>Adds the pages where people sign in and manage their keys.</summary>
    public static IMvcBuilder AddAuthPages(this IMvcBuilder mvc)
    {
        mvc.Services.AddPages();
        return mvc.ConfigureApplicationPartManager(parts => parts.ApplicationParts.Add(PageSetup.Part));
    }

    /// <summary>Marks endpoints of the host that people open with their cookie and that show a refusal as a page.</summary>
    /// <param name="endpoints">The endpoints.</param>
    /// <param name="orBearer">True if programs may call them with a bearer credential too.</param>
    public static IEndpointConventionBuilder ForPeople(this IEndpointConventionBuilder endpoints, bool orBearer) =>
        endpoints.WithMetadata(new RefusalPage(RefusalPages.Write, orBearer));

    private static void AddGrants(this IServiceCollection services)
    {
        services.AddSingleton<PublicClients>();
        services.AddScoped<TokenRevocation>();
        services.AddSingleton<ClientCredentialsGrant>();
        services.AddScoped<RefreshTokens>();
        services.AddScoped<RefreshTokenGrant>();
        services.AddScoped<LoginTokens>();
        services.AddSingleton<UserCodes>();
        services.AddSingleton<WrongCodes>();
        services.AddScoped<DeviceApproval>();
        services.AddScoped<DeviceCodeGrant>();
        services.AddRecurringJob<SweepDeviceGrantsJob>();
    }

    private static void AddRevocation(this IServiceCollection services)
    {
        services.AddSingleton<StatusCache>();
        services.AddSingleton<StatusCaches>();
        services.AddSingleton<CacheFreshness>();
        services.AddSingleton<FollowChanges>();
        services.AddHostedService(sp => sp.GetRequiredService<FollowChanges>());
        services.AddScoped<Revocations>();
        services.AddRecurringJob<SweepChangesJob>();
    }

    /// <summary>Refuses credentials in URLs. Call it after the rate limit and before the endpoints.</summary>
    public static void UseCredentialsInUrlsRefusal(this IApplicationBuilder app)
    {
        var refusal = app.ApplicationServices.GetRequiredService<RefuseCredentialsInUrls>();
        app.Use(async (context, next) =>
        {
            await refusal.Require(context);
            await next(context);
        });
    }

    /// <summary>Maps what is not a controller: the procedures of the identity gateway, wrong methods, and the pages.</summary>
    public static void MapAuth(this IEndpointRouteBuilder endpoints)
    {
        IdentityGateway.Map(endpoints);
        OtherMethods.Map(endpoints);
        endpoints.MapPages();
    }

    private static void AddSessions(this IServiceCollection services, SessionOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<History>();
        services.AddSingleton<SessionStates>();
        services.AddSingleton<LoginStates>();
        services.AddScoped<LoginSessions>();
        services.AddScoped<CreateSession>();
        services.AddScoped<Authenticators>();
        services.AddScoped<ResetTotp>();
        services.AddRecurringJob<SweepSessionsJob>();
    }

    private static void AddBearer(this IServiceCollection services)
    {
        services.AddSingleton<ValidatedTokens>();
        services.AddSingleton<Admission>();
        services.AddSingleton<IConfigureOptions<JwtBearerOptions>, TokenBearer>();
        services.AddSingleton<RefuseCredentialsInUrls>();
        services
            .AddAuthentication(BearerScheme)
            .AddPolicyScheme(BearerScheme, displayName: null, o => o.ForwardDefaultSelector = SchemeOf)
            .AddScheme<AuthenticationSchemeOptions, KeyBearer>(KeyScheme, configureOptions: null)
            .AddJwtBearer(TokenScheme, configureOptions: null!)
            .AddCookie(PersonCookie.Scheme)
            .AddCookie(HalfSignIn.Scheme);
        services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
    }

    /// <summary>Only pages accept the cookie of a person, so that a form of another site cannot call the API with it.</summary>
    private static string SchemeOf(HttpContext context)
    {
        if (RefusalPage.Of(context) is not null) return PersonCookie.Scheme;
        return BearerText.Of(context.Request)?.StartsWith(KeyText.Prefix, StringComparison.Ordinal) is true ? KeyScheme : TokenScheme;
    }
}
