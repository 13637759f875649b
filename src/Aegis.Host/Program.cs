using System.Globalization;
using Aegis.Audit;
using Aegis.Auth;
using Aegis.Host.Docs;
using Aegis.Host.Edge;
using Aegis.Host.Jobs;
using Aegis.Studies;
using Aegis.Vault;
using Aegis.Webhooks;

if (Commands.Explain(args) is { } explained) return explained;
StartRefusals.Explain();
PrivateFolder.RestrictNewFiles();
// not with InvariantGlobalization: the SQL Server client needs cultures
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
var builder = WebApplication.CreateBuilder([.. args, Locations.SettingsAreReadOnce]);
builder.UseShippedSettings();
builder.UseDefaultUrl();
var configuration = builder.Configuration;
var options = ServerOptions.From(configuration, builder.Environment);
var dataDirectory = Locations.DataDirectory(configuration, builder.Environment);
var database = DatabaseOptions.From(configuration, dataDirectory);
var keys = KeyOptions.From(configuration, dataDirectory, options.IsProduction);
builder.ConfigureEdge(options);
builder.AddTelemetryExport();

var services = builder.Services;
services.AddKernel(configuration, database, keys, typeof(Scopes).Assembly);
services.AddAuth(configuration, database);
services.AddStudies(configuration, database);
services.AddVault(configuration, database);
services.AddWebhooks(configuration, database);
services.AddAudit(configuration, database);
services.AddJobRunner(configuration);
services.AddModuleControllers(
    typeof(AuthModule).Assembly, typeof(StudiesModule).Assembly, typeof(VaultModule).Assembly, typeof(WebhooksModule).Assembly,
    typeof(AuditModule).Assembly)
    .AddAuthPages();
services.AddSingleton<IPublicUrl, PublicUrl>();
services.AddRateLimits(RateLimitOptions.From(configuration));
services.AddHealth();
services.AddOpenApiDocs();
services.AddSandbox(options);
services.AddCallAudit();

var app = builder.Build();
if (await Commands.Run(app, args, options, database) is { } exitCode) return exitCode;
await app.Prepare(options, database, CancellationToken.None);

app.UseTrustedForwarding();
app.UseRequestIds();
app.UseStrangerCounts();
if (app.Environment.IsDevelopment()) app.UseCallLog();
app.UseShortAddresses();
app.UseSecurityHeaders(options.IsProduction);
app.UseRouting();
app.UseCallAudit();
app.UseExceptionHandler();
app.UseStatusCodePages(StatusPages.Write);
app.UseOddPathRefusal();
if (options is { IsProduction: true, AllowPlain: false }) app.UsePlainHttpRefusal();
app.UseAuthentication();
app.UseRateLimiter();
app.UseCredentialsInUrlsRefusal();
app.UseUnreadableBodyRefusal();
app.UseConnect();
app.UseOpenApiDocs(options);
app.UseAuthorization();
app.UseDashboardWrites();
app.MapControllers();
app.MapAuth();
app.MapJobs();
app.MapHealth();
app.MapMethods("/", [HttpMethods.Get, HttpMethods.Head], () => Results.Redirect(options.DocsPublic ? "/swagger" : "/settings"))
    .AllowAnonymous().ExcludeFromDescription();
app.Lifetime.LogFailuresAfterStart();
await app.RunAsync();
return 0;

/// <summary>The host's entry point, public for the tests.</summary>
public sealed partial class Program;
