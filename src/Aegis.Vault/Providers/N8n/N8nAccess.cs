using System.Text.Json.Nodes;
using Aegis.Kernel.Outbound;
using Aegis.Vault.Connections;
using Aegis.Vault.Providers.Configuration;

namespace Aegis.Vault.Providers.N8n;

/// <summary>How one organization's n8n is reached. Prints as three stars.</summary>
/// <param name="OrganizationId">On whose behalf.</param>
/// <param name="BaseUrl">Address of the public API without a slash at its end, such as <c>https://n8n.example.org/api/v1</c>.</param>
/// <param name="ApiKey">What Aegis authenticates with there.</param>
internal sealed record N8nAccess(string OrganizationId, string BaseUrl, string ApiKey)
{
    public const string KindName = "n8n";
    private const string Address = "base_url";
    private const string Key = "api_key";
    private const string DefaultPath = "/api/v1";

    /// <summary>What the settings of a connection to n8n hold.</summary>
    public static readonly ConnectionKind Kind = new(
        KindName,
        new ConfigShape(
            [
                new TextField(Address, $"Address of n8n, such as https://n8n.example.org; {DefaultPath} is added when it names no path.", Required: true),
                new TextField(Key, "An API key of n8n's owner or an admin, with the scopes credential:list, credential:update, workflow:list, workflow:read and workflow:update.", Required: true, IsSecret: true, MaxLength: 2000),
            ],
            Check),
        OutboundPurpose.N8n, Address, Complete);

    public static N8nAccess From(string organizationId, JsonObject connection) =>
        new(organizationId, connection[Address]!.GetValue<string>(), connection[Key]!.GetValue<string>());

    public override string ToString() => $"{BaseUrl} ***";

    private static void Check(JsonObject config, ConfigErrors errors)
    {
        if (!Uri.TryCreate(config[Address]!.GetValue<string>(), UriKind.Absolute, out var url) || url.Query.Length > 0 || url.Fragment.Length > 0)
            errors.AddMember(Address, $"{Address} must be an absolute address without a query.");
        if (config[Key]!.GetValue<string>().Any(c => c is <= ' ' or > '~'))
            errors.AddMember(Key, $"{Key} must be printable ASCII without blanks.");
    }

    private static void Complete(JsonObject config)
    {
        var url = new Uri(config[Address]!.GetValue<string>());
        config[Address] = url.AbsolutePath is "/" or "" ? $"{url.GetLeftPart(UriPartial.Authority)}{DefaultPath}" : url.AbsoluteUri.TrimEnd('/');
    }
}
