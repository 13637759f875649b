using Google.Protobuf.Reflection;
using Microsoft.AspNetCore.Authorization;

namespace Aegis.Host.Docs;

/// <summary>Adds the Connect procedures, with schemas and examples from their <c>.proto</c>.</summary>
internal sealed class DescribeConnect(EndpointDataSource endpoints) : IDocumentFilter
{
    private const string Error = "ConnectError";

    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        foreach (var endpoint in endpoints.Endpoints)
        {
            if (endpoint.Metadata.GetMetadata<ConnectProcedure>() is not { } procedure) continue;
            AddSchema(context.SchemaRepository, procedure.Method.InputType, swaggerDoc);
            AddSchema(context.SchemaRepository, procedure.Method.OutputType, swaggerDoc);
            if (!context.SchemaRepository.Schemas.ContainsKey(Error)) context.SchemaRepository.AddDefinition(Error, ErrorMembers());
            swaggerDoc.Paths.Add($"/{procedure.Name}", new OpenApiPathItem
            {
                Operations = new() { [HttpMethod.Post] = Describe(procedure, endpoint, swaggerDoc) },
            });
        }
    }

    private static OpenApiOperation Describe(ConnectProcedure procedure, Endpoint endpoint, OpenApiDocument document)
    {
        var service = procedure.Method.Service.Name;
        var anonymous = endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null;
        return new OpenApiOperation
        {
            OperationId = $"{service}_{procedure.Method.Name}",
            Summary = procedure.Summary,
            Description =
                "A unary call of the Connect protocol (https://connectrpc.com/docs/protocol), in JSON or binary. Its definition: "
                    + $"`{procedure.Source}`.",
            Tags = new HashSet<OpenApiTagReference> { new(service, document) },
            Extensions = new Dictionary<string, IOpenApiExtension> { ["x-audience"] = new JsonNodeExtension(JsonValue.Create("public")) },
            Security = anonymous ? [] : [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("bearer", document)] = [] }],
            Parameters =
            [
                Header("Connect-Protocol-Version", "Always 1.", required: true,
                    new OpenApiSchema { Type = JsonSchemaType.String, Enum = [JsonValue.Create("1")] }),
                Header("Connect-Timeout-Ms", "Milliseconds until the call fails with deadline_exceeded.", required: false,
                    new OpenApiSchema { Type = JsonSchemaType.String, Pattern = "^[0-9]{1,10}$" }),
            ],
            RequestBody = new OpenApiRequestBody { Required = true, Content = Both(procedure.Method.InputType, document) },
            Responses = new OpenApiResponses
            {
                ["200"] = new OpenApiResponse { Description = "Success", Content = Both(procedure.Method.OutputType, document) },
                ["default"] = new OpenApiResponse
                {
                    Description = "Error",
                    Content = new Dictionary<string, IOpenApiMediaType>
                    {
                        ["application/json"] = new OpenApiMediaType { Schema = new OpenApiSchemaReference(Error, document) },
                    },
                },
            },
        };
    }

    private static OpenApiParameter Header(string name, string description, bool required, OpenApiSchema schema) =>
        new() { Name = name, In = ParameterLocation.Header, Description = description, Required = required, Schema = schema };

    private static Dictionary<string, IOpenApiMediaType> Both(MessageDescriptor type, OpenApiDocument document) => new()
    {
        ["application/json"] = new OpenApiMediaType { Schema = new OpenApiSchemaReference(type.Name, document), Example = Example(type) },
        ["application/proto"] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } },
    };

    private static void AddSchema(SchemaRepository schemas, MessageDescriptor type, OpenApiDocument document)
    {
        if (schemas.Schemas.ContainsKey(type.Name)) return;
        foreach (var part in type.Fields.InDeclarationOrder().Where(f => f.FieldType is FieldType.Message))
            AddSchema(schemas, part.MessageType, document);
        schemas.AddDefinition(type.Name, new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            AdditionalPropertiesAllowed = true,
            Properties = type.Fields.InDeclarationOrder().ToDictionary(f => f.JsonName, f => Schema(f, document)),
        });
    }

    private static IOpenApiSchema Schema(FieldDescriptor field, OpenApiDocument document) => field.FieldType switch
    {
        FieldType.Message => new OpenApiSchemaReference(field.MessageType.Name, document),
        FieldType.Double => new OpenApiSchema { Type = JsonSchemaType.Number, Format = "double" },
        FieldType.Bool => new OpenApiSchema { Type = JsonSchemaType.Boolean },
        FieldType.Int64 =>
            new OpenApiSchema { Type = JsonSchemaType.String | JsonSchemaType.Integer | JsonSchemaType.Null, Format = "int64" },
        _ => new OpenApiSchema { Type = JsonSchemaType.String },
    };

    private static JsonObject Example(MessageDescriptor type) =>
        new(type.Fields.InDeclarationOrder().Select(f => KeyValuePair.Create(f.JsonName, f.FieldType switch
        {
            FieldType.Message => Example(f.MessageType),
            FieldType.Double => JsonValue.Create(0),
            FieldType.Bool => JsonValue.Create(true),
            FieldType.Int64 => (JsonNode?)null,
            _ => JsonValue.Create("string"),
        })));

    private static OpenApiSchema ErrorMembers() => new()
    {
        Type = JsonSchemaType.Object,
        Description =
            "An error of the Connect protocol. The detail google.rpc.ErrorInfo has the stable code of docs/errors.md as its reason.",
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["code"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "For example unauthenticated." },
            ["message"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "A sentence for people. It may change." },
            ["details"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Array,
                Items = new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    Properties = new Dictionary<string, IOpenApiSchema>
                    {
                        ["type"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "Full name of the message type." },
                        ["value"] = new OpenApiSchema
                        {
                            Type = JsonSchemaType.String,
                            Description = "The binary message in base64 without padding."
                        },
                        ["debug"] = new OpenApiSchema { Type = JsonSchemaType.Object, Description = "The message in JSON, for people." },
                    },
                },
            },
        },
    };
}
