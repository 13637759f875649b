namespace Aegis.Host.Docs;

/// <summary>Puts the topics into the order in which they are needed, each with a sentence.</summary>
internal sealed class DescribeTags : IDocumentFilter
{
    private static readonly (string Name, string Description)[] Topics =
    [
        ("Onboarding", "How organizations apply for access, and how the platform's admin decides."),
        ("Identity", "Who calls, and who may deal with whom."),
        ("IdentityGatewayService", "Risk-scored sessions, over the Connect protocol."),
        ("Requests", "The consumer asks, the provider answers with a study or declines."),
        ("Transfers", "The consumer opens, downloads and acknowledges; either party disputes or destroys."),
        ("Credentials", "The vault: secrets under a name, with their versions. Authorize with the sandbox's `admin` key to try it."),
        ("Rotation", "New values, and the way back to older ones."),
        ("Health", "Whether credentials work, and which end soon."),
        ("Connections", "How the vault reaches the systems that credentials live in, and what its providers can do."),
        ("n8n", "Credentials of n8n: taken in, put to use in workflows, and looked for where they should not be."),
        ("Audit", "What happened, call by call."),
    ];

    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context) =>
        swaggerDoc.Tags = Topics.Select(t => new OpenApiTag { Name = t.Name, Description = t.Description })
            .Concat((swaggerDoc.Tags ?? new HashSet<OpenApiTag>()).Where(t => Topics.All(topic => topic.Name != t.Name)))
            .ToHashSet();
}
