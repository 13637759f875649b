namespace Aegis.Host.Docs;

/// <summary>
/// Closes request schemas, because unknown members are refused. Response schemas stay open, so that servers can add members. A schema used
/// in inBoth is described twice.
/// </summary>
internal sealed class DescribeBodies : IDocumentFilter
{
    private const string Suffix = "Input";
    private const string Root = "/v1/";

    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        var schemas = context.SchemaRepository.Schemas;
        foreach (var schema in schemas.Values.OfType<OpenApiSchema>().Where(s => s.Type is JsonSchemaType.Object))
            schema.AdditionalPropertiesAllowed = true;

        var operations = swaggerDoc.Paths
            .SelectMany(p => (p.Value.Operations ?? []).Values, (path, operation) => (Path: path.Key, Operation: operation)).ToList();
        var inResponses = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (_, operation) in operations)
        {
            foreach (var media in operation.Responses?.Values.SelectMany(r => r.Content?.Values ?? []) ?? [])
                Collect(media.Schema, schemas, inResponses);
        }

        var inRequests = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (_, operation) in operations.Where(o => o.Path.StartsWith(Root, StringComparison.Ordinal)))
        {
            foreach (var media in operation.RequestBody?.Content?.Values ?? []) Collect(media.Schema, schemas, inRequests);
        }

        var objects = inRequests.Where(id => schemas[id] is OpenApiSchema { Properties.Count: > 0 }).ToList();
        var inBoth = objects.Where(inResponses.Contains).ToHashSet(StringComparer.Ordinal);
        foreach (var id in objects)
        {
            var open = (OpenApiSchema)schemas[id];
            var closed = inBoth.Contains(id) ? (OpenApiSchema)open.CreateShallowCopy() : open;
            closed.AdditionalPropertiesAllowed = false;
            closed.Properties = closed.Properties!.ToDictionary(p => p.Key, p => ForRequest(p.Value, inBoth, swaggerDoc));
            if (inBoth.Contains(id)) context.SchemaRepository.AddDefinition(id + Suffix, closed);
        }
    }

    /// <summary>Returns the schema with references to the request versions.</summary>
    private static IOpenApiSchema ForRequest(IOpenApiSchema schema, HashSet<string> inBoth, OpenApiDocument document)
    {
        if (schema is OpenApiSchemaReference { Reference.Id: { } id })
            return inBoth.Contains(id) ? new OpenApiSchemaReference(id + Suffix, document) : schema;
        if (schema is not OpenApiSchema inline) return schema;
        if (inline.Items is not null) inline.Items = ForRequest(inline.Items, inBoth, document);
        if (inline.OneOf is { Count: > 0 }) inline.OneOf = inline.OneOf.Select(s => ForRequest(s, inBoth, document)).ToList();
        if (inline.AllOf is { Count: > 0 }) inline.AllOf = inline.AllOf.Select(s => ForRequest(s, inBoth, document)).ToList();
        return inline;
    }

    private static void Collect(IOpenApiSchema? schema, IDictionary<string, IOpenApiSchema> schemas, HashSet<string> found)
    {
        if (schema is OpenApiSchemaReference { Reference.Id: { } id })
        {
            if (found.Add(id) && schemas.TryGetValue(id, out var referred)) Collect(referred, schemas, found);
            return;
        }

        if (schema is not OpenApiSchema inline) return;
        Collect(inline.Items, schemas, found);
        var alternatives = (inline.OneOf ?? []).Concat(inline.AllOf ?? []).Concat(inline.AnyOf ?? []);
        foreach (var part in (inline.Properties?.Values ?? []).Concat(alternatives)) Collect(part, schemas, found);
    }
}
