using Aegis.Kernel.Web.Input;
using Aegis.Kernel.Outbound;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApplicationParts;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Mvc.Formatters;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Aegis.Kernel;

/// <summary>Registers the mechanisms that all modules use.</summary>
public static class KernelServices
{
    /// <param name="services">The container.</param>
    /// <param name="configuration">The host's configuration.</param>
    /// <param name="database">The host's database.</param>
    /// <param name="keys">Where the keys are.</param>
    /// <param name="contracts">The assemblies that declare events.</param>
    public static IServiceCollection AddKernel(
        this IServiceCollection services, IConfiguration configuration, DatabaseOptions database, KeyOptions keys,
        params Assembly[] contracts)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddHttpContextAccessor();
        services.AddSingleton(database);
        services.AddSingleton(new EventCatalog(contracts));
        services.AddSingleton<CommitSignals>();
        services.AddSingleton<WriteGate>();
        services.AddSingleton<Pragmas>();
        services.AddSingleton<GateTransactions>();
        services.AddSingleton<ConnectionRetries>();
        services.AddSingleton<SignInConnections>();
        services.AddSingleton<RetryOpens>();
        services.AddSingleton<RetryReads>();
        services.AddSingleton<RefuseHandlerSaves>();
        services.AddSingleton<RecordOnSave>();
        services.AddModuleDb<KernelDb, SqliteKernelDb, SqlServerKernelDb>(database);
        services.AddSingleton<Migrator>();
        services.AddScoped<Installation>();

        services.AddSingleton(keys);
        services.AddSingleton(_ => keys.CreateSource());
        services.AddSingleton<KeyRing>();
        services.AddSingleton(new RecoveryCopies(keys));
        services.AddSingleton<SealedBox>();
        services.AddSingleton<RootSecret>();
        services.AddSingleton<SealedValues>();
        services.AddSingleton<KeyRetirement>();
        services.AddRecurringJob<RewrapJob>();

        services.AddSingleton<Listeners>();
        services.AddSingleton<HandOver>();
        services.AddSingleton<RelayMetrics>();
        services.AddSingleton<Relay>();
        services.AddHostedService(sp => sp.GetRequiredService<Relay>());
        services.AddRecurringJob<SweepKernelTables>();

        AddOutbound(services, configuration);

        services.AddSingleton<StrangerCalls>();
        services.AddHostedService(sp => sp.GetRequiredService<StrangerCalls>());
        services.AddSingleton<Operations>();
        services.AddSingleton<BodyMembers>();
        services.AddSingleton<ShownMembers>();
        services.AddSingleton<CallsUnderWay>();
        services.AddScoped(sp =>
            new OneTimeForms(sp.GetRequiredService<KernelDb>(), sp.GetRequiredService<CallsUnderWay>(),
                sp.GetRequiredService<TimeProvider>()));
        services.AddScoped(sp => sp.GetRequiredService<IHttpContextAccessor>().HttpContext!.Caller());
        services.AddSingleton<IAuthorizationHandler, ScopeAuthorization>();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, RefuseUnauthorized>();
        return services;
    }

    private static void AddOutbound(IServiceCollection services, IConfiguration configuration)
    {
        AllowedTarget.From(configuration); // a mistake stops the start instead of the first call
        services.AddSingleton(sp => OutboundPolicy.From(
            configuration, configuration.GetValue<bool?>("Sandbox:Enabled") ?? sp.GetRequiredService<IHostEnvironment>().IsDevelopment()));
        services.TryAddSingleton<NameLookup>(OutboundConnections.AskSystem);
        services.AddSingleton<OutboundConnections>();
        services.AddSingleton<SafeHttp>();
    }

    /// <summary>Adds the modules' controllers, which are internal, with Aegis' JSON format and validation.</summary>
    public static IMvcBuilder AddModuleControllers(this IServiceCollection services, params Assembly[] modules)
    {
        services.AddValidation(modules);
        return services
            .AddControllers(o =>
            {
                o.SuppressImplicitRequiredAttributeForNonNullableReferenceTypes = true;
                o.Filters.Add<KnownInputFilter>(KnownInputFilter.After);
                o.Filters.Add<LocationByPublicUrl>();
                o.Filters.Add<FormsForPagesOnly>();
                o.Conventions.Add(new HeadLikeGet());
                o.ModelBinderProviders.Insert(0, new RouteText.Provider());
                // JSON is UTF-8 (RFC 8259 §8.1). With another encoding a malformed body would throw instead of being refused.
                foreach (var json in o.InputFormatters.OfType<SystemTextJsonInputFormatter>())
                {
                    foreach (var other in json.SupportedEncodings.OfType<UnicodeEncoding>().ToList()) json.SupportedEncodings.Remove(other);
                    foreach (var other in json.SupportedMediaTypes.Where(m => m != "application/json").ToList())
                        json.SupportedMediaTypes.Remove(other);
                }
            })
            .AddJsonOptions(o =>
            {
                JsonSetup.Apply(o.JsonSerializerOptions);
                o.AllowInputFormatterExceptionMessages = false; // InvalidBody reads the exceptions; their text is not shown to callers
            })
            .ConfigureApplicationPartManager(parts =>
            {
                parts.ApplicationParts.Clear();
                foreach (var module in modules) parts.ApplicationParts.Add(new AssemblyPart(module));
                parts.FeatureProviders.Add(new InternalControllers());
            })
            .ConfigureApiBehaviorOptions(o =>
            {
                o.SuppressMapClientErrors = true; // the host adds a problem body to bare status codes
                o.InvalidModelStateResponseFactory = context => throw InvalidBody.From(context.ModelState);
            });
    }

    /// <summary>Lets MVC use internal controllers.</summary>
    private sealed class InternalControllers : ControllerFeatureProvider
    {
        protected override bool IsController(TypeInfo typeInfo) =>
            typeInfo is { IsAbstract: false, IsClass: true } && typeof(ControllerBase).IsAssignableFrom(typeInfo);
    }
}
