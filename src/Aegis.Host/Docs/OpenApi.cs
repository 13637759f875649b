using System.Text.Json;
using Aegis.Kernel.Json;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Aegis.Host.Docs;

/// <summary>Describes the API at <c>/swagger/v1/swagger.json</c> and lets people try it at <c>/swagger</c>.</summary>
internal static class OpenApi
{
    private const string Document = "v1";
    private const string Bearer = "bearer";
    private const string ApiKey = "apiKey";

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
                    + "In the sandbox: press *Authorize*, paste the `consumer` key of `data/sandbox.json` into *bearer*, and ask at `POST /v1/requests`. "
                    + "Then authorize with the `provider` key, answer at `POST /v1/requests/{id}/fulfill`, and go on as the consumer.",
            });
            o.SupportNonNullableReferenceTypes();
            o.NonNullableReferenceTypesAsRequired();
            foreach (var xml in Directory.GetFiles(AppContext.BaseDirectory, "Aegis.*.xml")) o.IncludeXmlComments(xml);
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
            o.SchemaFilter<DescribeOpenBodies>();
            o.SchemaFilter<DescribePatches>();
            o.OperationFilter<DescribeAnswers>();
            o.DocumentFilter<DescribeConnect>();
            o.DocumentFilter<DescribeTags>();
        });
    }

    public static void UseOpenApiDocs(this WebApplication app)
    {
        app.UseSwagger(o => o.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1);
        app.UseSwaggerUI(o =>
        {
            o.SwaggerEndpoint($"/swagger/{Document}/swagger.json", "Aegis v1");
            o.DocumentTitle = "Aegis API";
            o.EnablePersistAuthorization();
            o.DisplayRequestDuration();
            o.EnableDeepLinking();
        });
    }

    // Unique for each operation: one action may serve two methods or two addresses.
    private static string OperationId(ApiDescription api)
    {
        var name = $"{api.ActionDescriptor.RouteValues["controller"]}_{api.ActionDescriptor.RouteValues["action"]}";
        if (api.HttpMethod == HttpMethods.Head) return $"{name}Head";
        return api.RelativePath?.StartsWith("realms/", StringComparison.Ordinal) is true ? $"{name}OfRealm" : name;
    }
}
