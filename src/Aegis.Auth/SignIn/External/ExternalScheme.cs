using Aegis.Kernel.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Aegis.Auth.SignIn.External;

/// <summary>
/// Sets up the sign-in at another provider: authorization code with PKCE, state and nonce (OpenID Connect Core §3.1, RFC 9700 §2.1). Of its answer only who signed
/// in is taken; its tokens are not kept.
/// </summary>
internal sealed class ExternalScheme(PeopleOptions options, IPublicUrl publicUrl) : IConfigureNamedOptions<OpenIdConnectOptions>
{
    public const string Scheme = "External";

    private const string Callback = "/sign-in/external/callback";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>Registers it where the configuration names a provider.</summary>
    public static void Add(AuthenticationBuilder builder, PeopleOptions options)
    {
        builder.Services.AddSingleton(options);
        builder.Services.AddScoped<ExternalPeople>();
        if (options.External is not { } external) return;
        builder.Services.AddSingleton<IConfigureOptions<OpenIdConnectOptions>, ExternalScheme>();
        builder.AddOpenIdConnect(Scheme, external.Name, _ => { });
    }

    public void Configure(OpenIdConnectOptions options) => Configure(Scheme, options);

    public void Configure(string? name, OpenIdConnectOptions o)
    {
        if (name != Scheme || options.External is not { } external) return;
        o.Authority = external.Authority;
        o.RequireHttpsMetadata = external.Authority.StartsWith("https:", StringComparison.Ordinal);
        o.ClientId = external.ClientId;
        o.ClientSecret = external.ClientSecret;
        o.ResponseType = OpenIdConnectResponseType.Code;
        o.ResponseMode = OpenIdConnectResponseMode.Query;
        o.CallbackPath = Callback;
        o.SignInScheme = HalfSignIn.Scheme; // never signed in to: the event below takes over
        o.Scope.Clear();
        foreach (var scope in new[] { "openid", "profile", "email" }) o.Scope.Add(scope);
        o.MapInboundClaims = false;
        o.DisableTelemetry = true;
        o.BackchannelTimeout = Patience;
#pragma warning disable RS0030 // the operator names this address and no customer does, so what SafeHttp guards against is not here
        o.BackchannelHttpHandler = new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false };
#pragma warning restore RS0030
        o.TokenValidationParameters.ValidAlgorithms =
        [
            SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
        ];
        Protect(o.CorrelationCookie, "aegis-ext");
        Protect(o.NonceCookie, "aegis-nonce");
        o.Events = new OpenIdConnectEvents
        {
            OnRedirectToIdentityProvider = context =>
            {
                context.ProtocolMessage.RedirectUri = publicUrl.Value + Callback; // never by the Host header
                return Task.CompletedTask;
            },
            OnTicketReceived = context => ExternalPeople.Enter(context, external),
            OnRemoteFailure = context =>
            {
                context.HandleResponse();
                context.Response.Redirect("/sign-in?Done=failed"); // turned away there, or not from here, or too old: the provider's words may hold anything
                return Task.CompletedTask;
            },
        };
    }

    private void Protect(CookieBuilder cookie, string name)
    {
        var isHttps = publicUrl.Value.StartsWith("https:", StringComparison.Ordinal);
        cookie.Name = $"{(isHttps ? "__Secure-" : "")}{name}-";
        cookie.SameSite = SameSiteMode.Lax;
        cookie.SecurePolicy = isHttps ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
    }
}
