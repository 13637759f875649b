namespace Aegis.Vault.Providers.N8n;

/// <summary>How one organization's n8n is reached. <c>ToString</c> hides the key.</summary>
/// <param name="OrganizationId">The organization that the calls are for.</param>
/// <param name="BaseUrl">Address of the public API without a slash at its end, such as <c>https://n8n.example.org/api/v1</c>.</param>
/// <param name="ApiKey">The API key for n8n.</param>
internal sealed record N8nAccess(string OrganizationId, string BaseUrl, string ApiKey)
{
    public const string Kind = "n8n";
    public const string AddressMember = "base_url";
    private const string KeyMember = "api_key";
    private const string DefaultPath = "/api/v1";

    /// <summary>The settings of a connection to n8n.</summary>
    public static readonly ConfigShape Shape = new(
        [
            new TextField(AddressMember, $"Address of n8n, such as https://n8n.example.org; {DefaultPath} is added when it has no path.",
                Required: true),
            new TextField(KeyMember,
                "An API key of n8n's owner or an admin, with the scopes credential:list, credential:update, workflow:list, workflow:read "
                    + "and workflow:update.", Required: true, IsSecret: true, MaxLength: 2000),
        ],
        Check);

    public static N8nAccess From(string organizationId, JsonObject connection)
    {
        var url = new Uri(connection[AddressMember]!.GetValue<string>());
        var path = url.AbsolutePath is "/" ? DefaultPath : url.AbsolutePath.TrimEnd('/');
        return new N8nAccess(organizationId, url.GetLeftPart(UriPartial.Authority) + path, connection[KeyMember]!.GetValue<string>());
    }

    public override string ToString() => $"{BaseUrl} ***";

    private static void Check(JsonObject config, ConfigErrors errors)
    {
        if (!Uri.TryCreate(config[AddressMember]!.GetValue<string>(), UriKind.Absolute, out var url) || url.Query.Length > 0
            || url.Fragment.Length > 0)
            errors.AddMember(AddressMember, $"{AddressMember} must be an absolute address without a query.");
        if (config[KeyMember]!.GetValue<string>().Any(c => c is <= ' ' or > '~'))
            errors.AddMember(KeyMember, $"{KeyMember} must be printable ASCII without spaces.");
    }
}
