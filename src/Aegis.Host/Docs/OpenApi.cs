using System.Reflection;
using System.Text;
using Aegis.Kernel.Web.Input;
using Aegis.Kernel.Json;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Swashbuckle.AspNetCore.Swagger;

namespace Aegis.Host.Docs;

/// <summary>
/// Serves the API description at <c>/swagger/v1/swagger.json</c> and its page at <c>/swagger</c>.
/// Swashbuckle builds the description from the controllers and their XML comments, with the member names of <see
/// cref="WireNameContracts"/>. The Describe… filters of this folder add what it does not know: access, uploads, headers, examples, Connect
/// procedures and topics. The description is built once, at the first request. A filter that throws fails that request and the test of
/// docs/openapi.json.
/// </summary>
internal static class OpenApi
{
    private const string Document = "v1";
    private const string Address = $"/swagger/{Document}/swagger.json";
    private const string Bearer = "bearer";
    private const string ApiKey = "apiKey";

    // No inline script and no eval. The only inline style is Swagger UI's own; its stylesheet contains images as data URLs.
    private const string InlineStyle = "sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w=";
    private const string ContentSecurityPolicy = "default-src 'none'; script-src 'self'; img-src 'self' data:; "
        + $"style-src 'self' '{InlineStyle}'; connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'";

    public static IServiceCollection AddOpenApiDocs(this IServiceCollection services)
    {
        var json = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        JsonSetup.Apply(json);
        services.AddSingleton<ISerializerDataContractResolver>(new WireNameContracts(json));
        return services.AddSwaggerGen(o =>
        {
            o.SwaggerDoc(Document, new OpenApiInfo
            {
                Title = "Aegis",
                Version = Document,
                Description = "A self-hosted exchange for patient imaging studies. Exchange an API key for a token at `/v1/auth/token`, "
                    + "or use the key itself as the bearer token. Errors are problem+json with a stable `code`.\n\n"
                    + "In the sandbox: press *Authorize*, paste the `consumer` key of `data/sandbox.json` into *bearer*, and request a "
                    + "study with `POST /v1/requests`. Then authorize with the `provider` key, send it with "
                    + "`POST /v1/requests/{id}/fulfill`, and continue as the consumer.",
            });
            o.SupportNonNullableReferenceTypes();
            o.NonNullableReferenceTypesAsRequired();
            foreach (var xml in Directory.GetFiles(AppContext.BaseDirectory, "Aegis.*.xml"))
                o.IncludeXmlComments(() => XmlComments.Read(xml));
            o.OrderActionsBy(action => $"{action.RelativePath} {action.HttpMethod}"); // not by the folders of controllers
            o.CustomOperationIds(OperationId);
            o.DescribeAllParametersInCamelCase();
            o.AddSecurityDefinition(Bearer, new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "An access token or an API key (aegis_…).",
            });
            o.AddSecurityDefinition(ApiKey, new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Header,
                Name = "X-Api-Key",
                Description = "An API key, at /v1/auth/token only.",
            });
            o.OperationFilter<DescribeAccess>();
            o.OperationFilter<DescribeUploads>();
            o.OperationFilter<DescribeIdempotency>();
            o.OperationFilter<DescribeRevisions>();
            o.OperationFilter<DescribeExamples>();
            o.ParameterFilter<DescribeHeaders>();
            o.ParameterFilter<DescribeQueryNames>();
            o.SchemaFilter<DescribePatches>();
            o.OperationFilter<DescribeAnswers>();
            o.DocumentFilter<DescribeBodies>();
            o.DocumentFilter<DescribeConnect>();
            o.DocumentFilter<DescribeTags>();
        });
    }

    /// <summary>Serves the description and its page, unless <c>Docs:Public</c> is false.</summary>
    public static void UseOpenApiDocs(this WebApplication app, ServerOptions options)
    {
        if (!options.DocsPublic) return;
        app.UseSwaggerHeaders();
        app.UseDescription();
        app.UseSwaggerUI(o =>
        {
            o.SwaggerEndpoint(Address, "Aegis v1");
            o.DocumentTitle = "Aegis API";
            // This stores the key in localStorage, where every script of this origin can read it for ever. That is acceptable for
            // development, not for a key that opens studies.
            if (app.Environment.IsDevelopment()) o.EnablePersistAuthorization();
            o.DisplayRequestDuration();
            o.EnableDeepLinking();
        });
    }

    /// <summary>
    /// Sets a policy that allows the page only its own scripts and calls to this host. Also supports HEAD, which Swashbuckle does not: it
    /// is handled as GET, and Kestrel omits the body because the request line says HEAD.
    /// </summary>
    private static void UseSwaggerHeaders(this WebApplication app) => app.Use((context, next) =>
    {
        if (!context.Request.Path.StartsWithSegments("/swagger")) return next(context);
        context.Response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
        context.Response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
        context.Response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (HttpMethods.IsHead(context.Request.Method)) context.Request.Method = HttpMethods.Get;
        return next(context);
    });

    /// <summary>
    /// Sends the description. It is built only once: building it costs as much as some hundred calls, and anyone may request it.
    /// </summary>
    private static void UseDescription(this WebApplication app)
    {
        var built = new Lazy<Task<byte[]>>(async () =>
        {
            await using var scope = app.Services.CreateAsyncScope();
            var described = await scope.ServiceProvider.GetRequiredService<IAsyncSwaggerProvider>().GetSwaggerAsync(Document);
            return Encoding.UTF8.GetBytes(await described.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1));
        });
        app.Use(async (context, next) =>
        {
            if (context.Request.Path != Address || !HttpMethods.IsGet(context.Request.Method))
            {
                await next(context);
                return;
            }

            var description = await built.Value;
            context.Response.ContentType = "application/json; charset=utf-8";
            context.Response.ContentLength = description.Length;
            await context.Response.Body.WriteAsync(description, context.RequestAborted);
        });
    }

    // Must be unique per operation: one action may have two methods or two paths.
    private static string OperationId(ApiDescription api)
    {
        var controller = api.ActionDescriptor.RouteValues["controller"];
        if (controller is "KeyLeak" or "CredentialLeak") controller = "Leak"; // clients were generated with these ids
        var name = $"{controller}_{api.ActionDescriptor.RouteValues["action"]}";
        if (api.HttpMethod == HttpMethods.Head) return $"{name}Head";
        return api.RelativePath?.StartsWith("realms/", StringComparison.Ordinal) is true ? $"{name}OfRealm" : name;
    }
}

/// <summary>Keeps the usual spelling of header names; only other parameters are in camel case.</summary>
internal sealed class DescribeHeaders : IParameterFilter
{
    public void Apply(IOpenApiParameter parameter, ParameterFilterContext context)
    {
        if (parameter is OpenApiParameter { In: ParameterLocation.Header } header) header.Name = context.ApiParameterDescription.Name;
    }
}

/// <summary>Names query parameters as they are bound, and as the check for unknown parameters knows them.</summary>
internal sealed class DescribeQueryNames : IParameterFilter
{
    public void Apply(IOpenApiParameter parameter, ParameterFilterContext context)
    {
        if (parameter is OpenApiParameter query && QueryNames.Of(context.ApiParameterDescription) is { } name) query.Name = name;
    }
}

/// <summary>Makes every patch member optional, also one that may not be null.</summary>
internal sealed class DescribePatches : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is not OpenApiSchema { Required: { } required }) return;
        foreach (var member in context.Type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => WireNameContracts.InnerType(p.PropertyType) is not null))
            required.Remove(WireNames.Of(context.Type, member));
    }
}
