// Provides `dotnet ef` with every module's context for one database type, without a database. See README.md.
using Aegis.Audit;
using Aegis.Auth;
using Aegis.Contracts.Identity;
using Aegis.Kernel;
using Aegis.Kernel.Persistence;
using Aegis.Kernel.Sealing;
using Aegis.Studies.Content;
using Aegis.Studies;
using Aegis.Vault;
using Aegis.Webhooks;

var builder = WebApplication.CreateBuilder(args);
builder.Host.UseDefaultServiceProvider(o => o.ValidateOnBuild = false); // only the contexts are needed here
var folder = Path.Combine(AppContext.BaseDirectory, "design");
var provider = Enum.Parse<DatabaseKind>(builder.Configuration["Database:Provider"] ?? "Sqlite");
var connection = provider is DatabaseKind.Sqlite ? "Data Source=:memory:" : "Server=design;Database=aegis;Encrypt=false";
var database = new DatabaseOptions(provider, connection, folder);
builder.Services.AddKernel(builder.Configuration, database, new KeyOptions("directory", folder, folder), typeof(Scopes).Assembly);
builder.Services.AddAuth(builder.Configuration, database);
builder.Services.AddStudies(builder.Configuration, database);
builder.Services.AddVault(builder.Configuration, database);
builder.Services.AddWebhooks(builder.Configuration, database);
builder.Services.AddAudit(builder.Configuration, database);
builder.Build();
