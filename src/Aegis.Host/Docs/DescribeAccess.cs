using Microsoft.AspNetCore.Authorization;

namespace Aegis.Host.Docs;

/// <summary>Adds who may call each operation: the scope, the audience (public or private) and the security scheme.</summary>
internal sealed class DescribeAccess : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var metadata = context.ApiDescription.ActionDescriptor.EndpointMetadata;
        var anonymous = metadata.OfType<IAllowAnonymous>().Any();
        var scope = string.Join(' ', metadata.OfType<RequireScopeAttribute>().Select(r => r.Scope).Where(s => s.Length > 0));
        operation.Extensions ??= new Dictionary<string, IOpenApiExtension>();
        operation.Extensions["x-audience"] =
            new JsonNodeExtension(JsonValue.Create(scope is "org:write" or "tenant:onboard" ? "private" : "public"));
        if (scope.Length > 0)
        {
            operation.Extensions["x-required-scope"] = new JsonNodeExtension(JsonValue.Create(scope));
            operation.Description = $"{operation.Description}\n\nScope: `{scope}`".Trim();
        }

        var isToken = context.ApiDescription.RelativePath == "v1/auth/token";
        var acceptsEither = anonymous && context.ApiDescription is { HttpMethod: "GET", RelativePath: "v1/applications/{id}" };
        if (anonymous && !isToken && !acceptsEither) return;
        operation.Security =
        [
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(isToken ? "apiKey" : "bearer", context.Document)] = [] },
        ];
        operation.Responses ??= [];
        operation.Responses.TryAdd("401", new OpenApiResponse { Description = "No valid credential." });
        if (scope.Length > 0) operation.Responses.TryAdd("403", new OpenApiResponse { Description = "missing_scope" });
    }
}
