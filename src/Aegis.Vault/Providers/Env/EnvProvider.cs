using System.Text.RegularExpressions;

namespace Aegis.Vault.Providers.Env;

/// <summary>
/// A variable of a dotenv file under <c>Vault:EnvRoot</c>; without configuration, a value that is stored only in the vault.
/// </summary>
internal sealed partial class EnvProvider(VaultOptions options, TimeProvider clock) : Provider
{
    public override string Name => "env";

    public override ConfigShape Config { get; } = new(
        [
            new TextField("file", "Path of the file in this organization's folder, such as shop/.env.", MaxLength: 300),
            new TextField("variable", "Name of the variable.", MaxLength: 200),
            .. RandomValue.Fields,
        ],
        CheckTogether);

    public override Task<HeldValue> Create(Target target, Order order, CancellationToken ct) =>
        Task.FromResult(new HeldValue(RandomValue.Make(target.Config)));

    public override async Task Set(Target target, HeldValue value, HeldValue? current, CancellationToken ct)
    {
        if (FileAndVariable(target) is not var (file, variable)) return;
        var line = DotEnv.Quote(value.Value) ?? throw new ProviderException(
            ProviderFault.Misconfigured, ProviderCode.ValueUnsupported,
            "This value has characters that readers of dotenv files interpret differently, so it is not written.");
        await using var folder = await EnvFolder.Open(Root(), target.OrganizationId, file, clock, ct);
        folder.Replace(DotEnv.Parse(folder.Read() ?? []).With(variable, line).ToBytes());
    }

    public override async Task<Tested> Test(Target target, HeldValue value, CancellationToken ct)
    {
        if (FileAndVariable(target) is not var (file, variable)) return Tested.InPlace;
        try
        {
            await using var folder = await EnvFolder.Open(Root(), target.OrganizationId, file, clock, ct);
            var found = folder.Read() is { } bytes ? DotEnv.Parse(bytes).Value(variable) : null;
            return found is not null
                && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(found), Encoding.UTF8.GetBytes(value.Value))
                ? Tested.InPlace
                : Tested.Refused(ProviderCode.ValueDiffers, "The file has another value, or none.") with { IsLogin = false };
        }
        catch (ProviderException e)
        {
            return Tested.Unknown(e.Code, e.Message);
        }
    }

    protected override bool MakesValues(JsonObject config) => true;

    protected override bool TriesValues(JsonObject config) => true;

    protected override bool LeavesOldValue(JsonObject config) => false;

    private string Root() => options.EnvRoot is { Length: > 0 } root
        ? root
        : throw new ProviderException(ProviderFault.Misconfigured, ProviderCode.FilesOff,
            "This installation writes no files: its operator has not set Vault:EnvRoot.");

    private static (string[] Path, string Variable)? FileAndVariable(Target target) =>
        target.Config["file"]?.GetValue<string>() is { } file ? (file.Split('/'), target.Config["variable"]!.GetValue<string>()) : null;

    private static void CheckTogether(JsonObject config, ConfigErrors errors)
    {
        var (file, variable) = (config["file"]?.GetValue<string>(), config["variable"]?.GetValue<string>());
        if (file is null != variable is null)
            errors.AddMember(file is null ? "file" : "variable", "Set both file and variable, or neither.");
        if (file is not null && !IsPath(file))
            errors.AddMember("file",
                "file must be a path of at most five names of letters, digits, dots, hyphens and underscores, without '..'.");
        if (variable is not null && !VariableName().IsMatch(variable))
            errors.AddMember("variable",
                "variable must begin with a letter or underscore and contain only letters, digits and underscores.");
    }

    private static bool IsPath(string file) =>
        file.Split('/') is { Length: <= 5 } names
            && names.All(n => PathName().IsMatch(n) && n is not ("." or "..") && !EnvFolder.IsReserved(n));

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]*\z")]
    private static partial Regex VariableName();

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,100}\z")]
    private static partial Regex PathName();
}
