using System.Text.RegularExpressions;

namespace Aegis.Vault.Providers.N8n;

/// <summary>
/// Credentials in n8n. Setting a value is one idempotent call. n8n never returns a value, so a test shows only that the credential exists,
/// not which value it has. <see cref="N8nClient"/> makes the calls through <see cref="N8nCalls"/>, and <see cref="N8nListing"/> caches
/// n8n's list for tests. When n8n rejects data, <see cref="N8nCompletion"/> compares it with the <see cref="N8nSchema"/> of the type. Any
/// call may fail with a <see cref="ProviderException"/>; <see cref="N8nRefusals"/> turns it into the answer of an API call.
/// </summary>
internal sealed partial class N8nProvider(N8nClient n8n, N8nListing listing, OutboundPolicy policy) : Provider
{
    private const string DataField = "data_field";
    private const string Prefix = "prefix";
    private const string HandleField = "handle_field";
    private const string Extra = "extra";
    private const string Generate = "generate";

    private static readonly IReadOnlyList<ConfigField> TargetFields =
    [
        new TextField(DataField, "The member of the n8n credential's data that gets the value, such as password, apiKey, token or value.",
            MaxLength: 100),
        new TextField(Prefix, "The text before the value in that member, such as 'Bearer '.", MaxLength: 50),
        new TextField(HandleField,
            "The member that gets the provider's id of the value, such as user when rotation alternates between two users.",
            MaxLength: 100),
        new JsonMapField(Extra,
            "Further members of the data that are sent with each value, as any JSON: those that n8n's type requires.", IsSecret: true),
    ];

    /// <summary>The members of an n8n credential that get a value, for copies of credentials of other providers.</summary>
    public static readonly ConfigShape CopyShape = new(TargetFields, (config, errors) =>
    {
        if (config[DataField] is null) errors.AddMember(DataField, $"{DataField} is required.");
        CheckTogether(config, errors);
    });

    public override string Name => N8nAccess.Kind;

    public override string ConnectionKind => N8nAccess.Kind;

    public override ConfigShape Connection => N8nAccess.Shape;

    public override bool TellsValuesApart => false;

    public override ConfigShape Config { get; } = new(
        [
            .. TargetFields,
            new ObjectField(Generate,
                "The form of new values. With it, a rotation makes a value and sets it in n8n. Without it, values are set by hand and "
                    + "n8n is not changed.", RandomValue.Fields),
        ],
        CheckTogether);

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
    /// <returns>The names of the members that n8n required and the configuration does not have.</returns>
    public async Task<IReadOnlyList<string>> Send(Target target, HeldValue value, CancellationToken ct)
    {
        var field = target.Config[DataField]?.GetValue<string>() ?? throw new ProviderException(
            ProviderFault.Misconfigured, N8nCode.FieldMissing,
            $"provider_config has no {DataField}, the member that gets the value in n8n.");
        var text = $"{target.Config[Prefix]?.GetValue<string>()}{value.Value}";
        if (text.StartsWith('='))
        {
            throw new ProviderException(
                ProviderFault.Misconfigured, ProviderCode.ValueUnsupported,
                "n8n treats a text that begins with '=' as a formula, so this value is not sent.");
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
        ProviderFault.Misconfigured, N8nCode.IdMissing,
        "The credential has no provider_credential_id, so its credential in n8n is unknown.");

    private static void CheckTogether(JsonObject config, ConfigErrors errors)
    {
        var field = config[DataField]?.GetValue<string>();
        if (field is null && config.Count > 0) errors.AddMember(DataField, $"{DataField} is required with the other members.");
        if (field is not null && !FieldName().IsMatch(field))
            errors.AddMember(DataField,
                $"{DataField} must begin with a letter or underscore and contain only letters, digits and underscores.");
        if (field is not null && config[Extra] is JsonObject extra && extra.ContainsKey(field))
            errors.AddMember(Extra, $"{Extra} must not contain the {DataField} itself.");
        if (config[HandleField]?.GetValue<string>() is { } handle && (handle == field || !FieldName().IsMatch(handle)))
            errors.AddMember(HandleField, $"{HandleField} must be another member's name.");
        if (config[Prefix]?.GetValue<string>().StartsWith('=') is true)
            errors.AddMember(Prefix, "prefix must not begin with '=': n8n treats that as a formula.");
    }

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]*\z")]
    private static partial Regex FieldName();
}
