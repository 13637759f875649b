using Aegis.Kernel.Web.Idempotency;

namespace Aegis.Host.Docs;

/// <summary>Adds the Idempotency-Key header to the operations that accept it.</summary>
internal sealed class DescribeIdempotency : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (context.MethodInfo.IsDefined(typeof(IdempotentAttribute), inherit: false))
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = IdempotentAttribute.Header,
                In = ParameterLocation.Header,
                Description = "A repeat with the same key and body within 24 hours has no further effect.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = 255 },
            });
        }
    }
}
