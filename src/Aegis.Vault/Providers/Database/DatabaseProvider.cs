namespace Aegis.Vault.Providers.Database;

/// <summary>
/// Passwords of database users. With one user, the old password ends when the new one is set. With two users in turn, the old password
/// still works until its user is locked. <see cref="DatabaseSettings"/> reads the configuration, and a <see cref="DatabaseEngine"/> logs in
/// and sets the passwords. <see cref="PostgresFailure"/> and <see cref="SqlServerFailure"/> translate error codes of the servers into
/// <see cref="ProviderCode"/>s. A login that fails is a result; a statement that fails is a <see cref="ProviderException"/>.
/// </summary>
internal sealed class DatabaseProvider(IEnumerable<DatabaseEngine> engines, OutboundPolicy policy, TimeProvider clock) : Provider
{
    public override string Name => "database";

    public override ConfigShape Config => DatabaseSettings.Shape;

    public override bool EndsOldBySetting(JsonObject config) =>
        DatabaseSettings.From(config) is { Alternates: false, Engine: DatabaseSettings.Postgres };

    public override void CheckAddresses(JsonObject config, string organizationId, ConfigErrors errors)
    {
        var settings = DatabaseSettings.From(config);
        if (policy.Objection(settings.Host, settings.Port, OutboundPurpose.Db, organizationId) is { } objection)
            errors.AddMember("host", objection);
    }

    public override Task<HeldValue> Create(Target target, Order order, CancellationToken ct)
    {
        var settings = DatabaseSettings.From(target.Config);
        var username = settings.Alternates ? settings.Other(UserOf(settings, order.Current)) : settings.Username;
        return Task.FromResult(settings.Write(new DatabaseLogin(username, RandomValue.Password())));
    }

    public override async Task Set(Target target, HeldValue value, HeldValue? current, CancellationToken ct)
    {
        var settings = DatabaseSettings.From(target.Config);
        var (engine, wanted) = (EngineOf(settings), settings.Read(value));
        if (settings.Admin is { } admin)
        {
            await RequireNotExpired(settings, engine, target.OrganizationId, wanted.Username, ct);
            await engine.SetPassword(settings, target.OrganizationId, admin, wanted, oldPassword: null, ct);
            return;
        }

        if (current is null)
            throw new ProviderException(ProviderFault.Misconfigured, ProviderCode.CurrentMissing,
                "Without admin_username the user changes its own password, which needs the value in use.");
        var own = settings.Read(current);
        var tested = await engine.LogIn(settings, target.OrganizationId, own, ct);
        if (tested.Verdict is Verdict.Works)
        {
            await engine.SetPassword(settings, target.OrganizationId, own, wanted, own.Password, ct);
            return;
        }

        if (tested.Verdict is Verdict.Unknown) throw new ProviderException(ProviderFault.Unreachable, tested.Code!, tested.Message!);
        // An earlier call may have set it already.
        var done = await engine.LogIn(settings, target.OrganizationId, wanted, ct);
        if (done.Verdict is Verdict.Works) return;
        throw done.Verdict is Verdict.Unknown
            ? new ProviderException(ProviderFault.Unreachable, done.Code!, done.Message!)
            : new ProviderException(
                ProviderFault.Misconfigured, ProviderCode.AccessRefused,
                "The value in use no longer logs in, so the user cannot change its own password. Set a working value or an "
                    + "admin_username.");
    }

    public override async Task<Tested> Test(Target target, HeldValue value, CancellationToken ct)
    {
        var settings = DatabaseSettings.From(target.Config);
        try
        {
            var (engine, login) = (EngineOf(settings), settings.Read(value));
            var tested = await engine.LogIn(settings, target.OrganizationId, login, ct);
            if (tested is not { Verdict: Verdict.Refused, Code: ProviderCode.LoginRefused }) return tested;
            return await ExpiredAt(settings, engine, target.OrganizationId, login.Username, ct) is { } end
                ? PostgresFailure.Ended(end)
                : tested;
        }
        catch (ProviderException e)
        {
            return Tested.Unknown(e.Code, e.Message);
        }
    }

    public override async Task Revoke(Target target, HeldValue old, HeldValue current, CancellationToken ct)
    {
        var settings = DatabaseSettings.From(target.Config);
        if (!settings.Alternates || settings.Admin is null) return; // the new password replaced the old one
        var (ended, used) = (settings.Read(old), settings.Read(current));
        if (ended.Username == used.Username) return;

        var engine = EngineOf(settings);
        var tested = await engine.LogIn(settings, target.OrganizationId, ended, ct);
        if (tested.Verdict is Verdict.Unknown) throw new ProviderException(ProviderFault.Unreachable, tested.Code!, tested.Message!);
        // The user may already have a newer password, which must keep working.
        if (tested is { Verdict: Verdict.Refused, Code: ProviderCode.LoginRefused }) return;
        await engine.Lock(settings, target.OrganizationId, settings.Admin, ended.Username, ct);
    }

    protected override bool MakesValues(JsonObject config) => true;

    protected override bool TriesValues(JsonObject config) => true;

    protected override bool LeavesOldValue(JsonObject config) => DatabaseSettings.From(config).Alternates;

    /// <summary>Refuses a user whose login has expired: setting a password would be useless, and the old one would be lost.</summary>
    private async Task RequireNotExpired(
        DatabaseSettings settings, DatabaseEngine engine, string organizationId, string username, CancellationToken ct)
    {
        if (await engine.ExpiryOf(settings, organizationId, settings.Admin!, username, ct) is { } end && end <= clock.GetUtcNow())
            throw new ProviderException(ProviderFault.Misconfigured, ProviderCode.LoginEnded, PostgresFailure.Ended(end).Message!);
    }

    /// <summary>When the user's login expired, if an admin can query it; null when it did not.</summary>
    private async Task<DateTimeOffset?> ExpiredAt(
        DatabaseSettings settings, DatabaseEngine engine, string organizationId, string username, CancellationToken ct)
    {
        if (settings.Admin is not { } admin) return null;
        try
        {
            return await engine.ExpiryOf(settings, organizationId, admin, username, ct) is { } end && end <= clock.GetUtcNow() ? end : null;
        }
        catch (ProviderException)
        {
            return null; // then only the refusal is known
        }
    }

    private static string UserOf(DatabaseSettings settings, HeldValue? current) =>
        current is null ? settings.Other(settings.Username) : settings.Read(current).Username;

    private DatabaseEngine EngineOf(DatabaseSettings settings) => engines.First(e => e.Name == settings.Engine);
}
