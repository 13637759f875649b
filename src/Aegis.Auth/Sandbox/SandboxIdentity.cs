using Aegis.Contracts.Sandbox;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Aegis.Auth.Sandbox;

/// <summary>Creates the organizations, users, partnership and keys of the sandbox, by the same methods as real ones.</summary>
internal sealed class SandboxIdentity(AuthDb db, Pepper pepper, Revocations revocations, TimeProvider clock) : ISandboxIdentity
{
    private const string Provider = "prov_123";
    private const string Consumer = "cons_456";
    private const string Outsider = "cons_789";

    private static readonly TimeSpan KeyLifetime = TimeSpan.FromDays(365);

    private static readonly Member[] Members =
    [
        new(Provider, "Sandbox Imaging Center", IsProvider: true, IsConsumer: false, "operator@prov-123.sandbox.example",
            "Imaging center operator", Roles.Operator),
        new(Consumer, "Sandbox Reading Group", IsProvider: false, IsConsumer: true, "operator@cons-456.sandbox.example",
            "Reading group operator", Roles.Operator),
        new(Outsider, "Sandbox Outside Clinic", IsProvider: false, IsConsumer: true, "operator@cons-789.sandbox.example",
            "Outside clinic operator", Roles.Operator),
        new(Caller.Platform, "Sandbox Platform", IsProvider: false, IsConsumer: false, "admin@platform.sandbox.example", "Platform admin",
            Roles.Admin),
    ];

    private static readonly Issue[] Keys =
    [
        new("provider", Provider, Presets.StudyProvider, KeyLifetime),
        new("consumer", Consumer, Presets.StudyConsumer, KeyLifetime),
        new("outsider", Outsider, Presets.StudyConsumer, KeyLifetime),
        new("operator", Consumer, Presets.Developer, KeyLifetime),
        new("admin", Caller.Platform, Presets.FullAccess, Lifetime: null),
    ];

    public async Task Seed(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var there = await db.Organizations.Select(o => o.Id).ToListAsync(ct);
        foreach (var member in Members.Where(m => !there.Contains(m.Organization)))
        {
            db.Organizations.Add(
                Organization.Create(member.Organization, member.OrganizationName, member.IsProvider, member.IsConsumer, now));
            db.Users.Add(User.Create(Ids.New("usr", now), member.Organization, member.Email, member.UserName, member.Role, now));
        }

        if (!await db.Partnerships.AnyAsync(p => p.ConsumerId == Consumer && p.ProviderId == Provider, ct))
        {
            var today = clock.Today();
            var agreedUntil = today.AddYears(2); // later than the keys expire
            var proposal = new Proposal(Consumer, Provider, Consumer, agreedUntil, new DeidentificationPolicy());
            var partnership = Partnership.Propose(Ids.New("prt", now), proposal, now);
            partnership.Approve(Provider, agreedUntil, today);
            db.Partnerships.Add(partnership);
        }

        await db.SaveChangesAsync(ct);
    }

    public async Task<IReadOnlyDictionary<string, string>> IssueKeys(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var names = Keys.Select(k => k.KeyName).ToArray();
        var earlier = await db.ApiKeys.Where(k => k.IsTest && k.RevokedAt == null && k.ParentId == null && names.Contains(k.Name))
            .ToListAsync(ct);
        var ended = new List<ApiKey>();
        foreach (var key in earlier) ended.AddRange(await db.Family(key, ct));
        ended.ForEach(key => key.Revoke("replaced", now));

        var emails = Members.Select(m => m.Email).ToArray();
        var users = await db.Users.Where(u => emails.Contains(u.Email)).ToDictionaryAsync(u => u.OrganizationId, ct);
        var issued = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var key in Keys)
        {
            var user = users[key.Organization];
            var (drawn, text) = KeyText.Draw(isTest: true);
            using var secret = drawn.Secret;
            var grant = new KeyGrant([.. Roles.Limit(key.Preset.Scopes, user.Role)], Partners: null, now + key.Lifetime);
            db.ApiKeys.Add(ApiKey.Create(drawn, pepper.Mac(secret), key.KeyName, (user.OrganizationId, user.Id), grant, now));
            issued.Add(key.Role, text);
        }

        await revocations.Save(ended.ConvertAll(k => k.Id), ct);
        return issued;
    }

    public async Task<IReadOnlyList<SandboxUser>> IssuePasswords(CancellationToken ct)
    {
        // A random password cannot be guessed, so a slow hash would only delay the start. The first sign-in rehashes it.
        var hasher = new PasswordHasher<User>(Options.Create(new PasswordHasherOptions { IterationCount = 1 }));
        var emails = Members.Select(m => m.Email).ToArray();
        var now = clock.GetUtcNow();
        var (shown, ended) = (new List<SandboxUser>(), new List<string>());
        foreach (var user in await db.Users.Where(u => emails.Contains(u.Email)).OrderBy(u => u.Id).ToListAsync(ct))
        {
            var password = RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyz23456789", 24);
            user.SetPassword(hasher.HashPassword(user, password));
            ended.AddRange(await db.EndLogins(user.Id, kept: null, now, ct));
            await db.ForgetBrowsers(user.Id, ct);
            shown.Add(new SandboxUser(user.OrganizationId, user.Email, password, TotpSecret: null, user.Role));
        }

        await revocations.Save(ended, ct);
        return shown;
    }

    private sealed record Member(
        string Organization, string OrganizationName, bool IsProvider, bool IsConsumer, string Email, string UserName, string Role);

    private sealed record Issue(string Role, string Organization, Preset Preset, TimeSpan? Lifetime)
    {
        public string KeyName => $"Sandbox {Role}";
    }
}
