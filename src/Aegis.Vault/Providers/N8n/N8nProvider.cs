using System.Text.RegularExpressions;

namespace Aegis.Vault.Providers.N8n;

/// <summary>
/// Credentials that live in n8n. Setting a value is one idempotent call there. n8n never gives a value back, so a test tells that the
/// credential is there, and not which value it holds.
/// </summary>
internal sealed partial class N8nProvider(N8nClient n8n, N8nListing listing, OutboundPolicy policy) : Provider
{
    private const string DataField = "data_field";
    private const string Prefix = "prefix";
    private const string HandleField = "handle_field";
    private const string Extra = "extra";
    private const string Generate = "generate";

    private static readonly IReadOnlyList<ConfigField> Place =
    [
        new TextField(DataField, "The member of the n8n credential's data that holds the value, such as password, apiKey, token or value.",
            MaxLength: 100),
        new TextField(Prefix, "What stands before the value in that member, such as 'Bearer '.", MaxLength: 50),
        new TextField(HandleField, "The member that holds what the provider calls the value, such as user where two users take turns.",
            MaxLength: 100),
        new JsonMapField(Extra,
            "Further members of the data that are sent with each value, of any JSON: n8n wants those its type requires.", IsSecret: true),
    ];

    /// <summary>Where a value stands in n8n, for credentials of other providers that have a copy there.</summary>
    public static readonly ConfigShape CopyShape = new(Place, (config, errors) =>
    {
        if (config[DataField] is null) errors.AddMember(DataField, $"{DataField} is required.");
        Together(config, errors);
    });

    public override string Name => N8nAccess.Kind;

    public override string ConnectionKind => N8nAccess.Kind;

    public override ConfigShape Connection => N8nAccess.Shape;

    public override bool TellsValuesApart => false;

    public override ConfigShape Config { get; } = new(
        [
            .. Place,
            new ObjectField(Generate,
                "How new values look. Without it a new value is set by hand and n8n is not changed; with it rotating makes one and sets it "
                    + "in n8n.", RandomValue.Fields),
        ],
        Together);

    public override void CheckConnectionAddresses(JsonObject connection, string organizationId, ConfigErrors errors)
    {
        if (policy.Objection(new Uri(connection[N8nAccess.AddressMember]!.GetValue<string>()), OutboundPurpose.N8n,
            organizationId) is { } objection)
            errors.AddMember(N8nAccess.AddressMember, objection);
    }

    public override Task<HeldValue> Create(Target target, Order order, CancellationToken ct) =>
        Task.FromResult(new HeldValue(RandomValue.Make(target.Config[Generate]!.AsObject())));

    public override Task Set(Target target, HeldValue value, HeldValue? current, CancellationToken ct) => Send(target, value, ct);

    /// <summary>Sets a value in n8n.</summary>
    /// <returns>The names of the members that the configuration does not name and n8n demanded.</returns>
    public async Task<IReadOnlyList<string>> Send(Target target, HeldValue value, CancellationToken ct)
    {
        var field = target.Config[DataField]?.GetValue<string>() ?? throw new ProviderException(
            ProviderFault.Misconfigured, N8nCode.FieldMissing,
            $"provider_config does not name the {DataField} that holds the value in n8n.");
        var text = $"{target.Config[Prefix]?.GetValue<string>()}{value.Value}";
        if (text.StartsWith('='))
        {
            throw new ProviderException(
                ProviderFault.Misconfigured, ProviderCode.ValueUnsupported,
                "n8n takes a text that begins with '=' for a formula, so this value is not sent.");
        }

        var data = target.Config[Extra]?.DeepClone().AsObject() ?? [];
        if (target.Config[HandleField]?.GetValue<string>() is { } handleField && value.Handle is { } handle) data[handleField] = handle;
        data[field] = text;
        return await n8n.SetData(Access(target), Id(target), data, ct);
    }

    public override async Task<Tested> Test(Target target, HeldValue value, CancellationToken ct)
    {
        try
        {
            return await listing.Has(Access(target), Id(target), ct)
                ? Tested.InPlace
                : Tested.Refused(N8nCode.CredentialMissing, N8nClient.Missing().Message) with { IsLogin = false };
        }
        catch (ProviderException e)
        {
            return Tested.Unknown(e.Code, e.Message);
        }
    }

    protected override bool MakesValues(JsonObject config) => config.ContainsKey(DataField) && config.ContainsKey(Generate);

    protected override bool TriesValues(JsonObject config) => true;

    protected override bool LeavesOldValue(JsonObject config) => false;

    private static N8nAccess Access(Target target) => target.Connection is { } connection
        ? N8nAccess.From(target.OrganizationId, connection)
        : throw new ProviderException(
            ProviderFault.Misconfigured, ProviderCode.ConnectionMissing, "The organization has no connection to n8n.");

    private static string Id(Target target) => target.ProviderCredentialId ?? throw new ProviderException(
        ProviderFault.Misconfigured, N8nCode.IdMissing, "The credential has no provider_credential_id, so it names none of n8n's.");

    private static void Together(JsonObject config, ConfigErrors errors)
    {
        var field = config[DataField]?.GetValue<string>();
        if (field is null && config.Count > 0) errors.AddMember(DataField, $"{DataField} is required with the other members.");
        if (field is not null && !FieldName().IsMatch(field))
            errors.AddMember(DataField,
                $"{DataField} must begin with a letter or underscore and hold letters, digits and underscores only.");
        if (field is not null && config[Extra] is JsonObject extra && extra.ContainsKey(field))
            errors.AddMember(Extra, $"{Extra} must not hold the {DataField} itself.");
        if (config[HandleField]?.GetValue<string>() is { } handle && (handle == field || !FieldName().IsMatch(handle)))
            errors.AddMember(HandleField, $"{HandleField} must be another member's name.");
        if (config[Prefix]?.GetValue<string>().StartsWith('=') is true)
            errors.AddMember(Prefix, "prefix must not begin with '=': n8n takes that for a formula.");
    }

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]*\z")]
    private static partial Regex FieldName();
}
