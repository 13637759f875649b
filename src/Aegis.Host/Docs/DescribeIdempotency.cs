using Aegis.Kernel.Web.Idempotency;

namespace Aegis.Host.Docs;

/// <summary>Shows the Idempotency-Key header where it is accepted.</summary>
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
                Description = "Repeating the call with the same key and body within 24 hours has the effect of once.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = 255 },
            });
        }
    }
}
