namespace Aegis.Host.Docs;

/// <summary>Orders the topics as a new user needs them, each with a sentence.</summary>
internal sealed class DescribeTags : IDocumentFilter
{
    private static readonly (string Name, string Description)[] Topics =
    [
        ("Onboarding", "How organizations apply for access, and how the platform's admin decides."),
        ("Identity", "Who calls, and which organizations may exchange studies."),
        ("IdentityGatewayService", "Risk-scored sessions, over the Connect protocol."),
        ("Requests", "The consumer requests a study; the provider sends it or declines."),
        ("Transfers", "The consumer opens, downloads and acknowledges; either party disputes or destroys."),
        ("Credentials", "The vault: named secrets with versions. To try it, authorize with the sandbox's `admin` key."),
        ("Rotation", "New values, and rollback to older ones."),
        ("Health", "Whether credentials work, and which expire soon."),
        ("Connections", "How the vault connects to the systems that use the credentials, and what its providers can do."),
        ("n8n", "Credentials of n8n: importing them, using them in workflows, and finding values in workflows where they should not be."),
        ("Audit", "The audit log: what happened, call by call."),
    ];

    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context) =>
        swaggerDoc.Tags = Topics.Select(t => new OpenApiTag { Name = t.Name, Description = t.Description })
            .Concat((swaggerDoc.Tags ?? new HashSet<OpenApiTag>()).Where(t => Topics.All(topic => topic.Name != t.Name)))
            .ToHashSet();
}
