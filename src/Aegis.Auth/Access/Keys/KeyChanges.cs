using Aegis.Kernel.Web.Validation;

namespace Aegis.Auth.Access.Keys;

/// <summary>
/// Makes, replaces and ends keys. Each change is decided again from the start when another one of the same key was saved first, so that no
/// child is born to a key that has just ended.
/// </summary>
internal sealed class KeyChanges(AuthDb db, Pepper pepper, Revocations revocations, AuthOptions options, TimeProvider clock)
{
    private static readonly string[] NoPartner = ["Your organization has no partnership with this one."];

    /// <summary>Makes a key within what the caller and its key allow. Its text is in the answer and nowhere else.</summary>
    public Task<NewKeyResponse> Create(CreateKeyRequest request, Caller caller, CancellationToken ct) => db.RetryOnConflict(async () =>
    {
        var now = clock.GetUtcNow();
        var parent = caller.KeyId is null ? null : await db.ApiKeys.SingleAsync(k => k.Id == caller.KeyId, ct); // a person's keys have none
        if (parent?.RevokedAt is not null) throw Refuse.Unauthorized("api_key_revoked", "This API key was revoked. Use another one.");
        await CheckPartners(request.Partners, caller, ct);
        var rights = parent is null ? await db.RightsOf(caller, ct) : RightsQueries.RightsOf(caller, parent);
        var (grant, isCut) = KeyGrants.Of(request, rights, caller.Role, now);
        var active = db.ApiKeys.Where(k => k.OrganizationId == caller.OrganizationId).WithStatus(KeyStatus.Active, now).OrderBy(k => k.Id);
        if (await active.Take(options.MostKeys).CountAsync(ct) == options.MostKeys)
            throw Refuse.Conflict("too_many_keys",
                $"An organization can have {options.MostKeys} active keys. Revoke some that are not used.");

        var (drawn, text) = KeyText.Draw(parent?.IsTest ?? options.Sandbox is true);
        using var secret = drawn.Secret;
        var (mac, name) = (pepper.Mac(secret), request.Name.Trim());
        var key = parent?.Bear(drawn, mac, name, grant, now)
            ?? ApiKey.CreateForPerson(drawn, mac, name, (caller.OrganizationId, caller.UserId!), grant, now);
        db.ApiKeys.Add(key);
        await db.SaveChangesAsync(ct);
        return new NewKeyResponse(key.Id, key.Name, text, key.Scopes, key.ExpiresAt, isCut ? [KeyGrants.ExpiryCut] : []);
    });

    /// <summary>
    /// Makes the key that takes another one's place, which keeps its children. Only the key itself and those above it can: what any other
    /// key drew so would outlive it, and could act as another user. A token that was narrowed cannot rotate its own key either: it would
    /// get the whole one.
    /// </summary>
    public Task<NewKeyResponse> Rotate(string id, TimeSpan overlap, Caller caller, CancellationToken ct) => db.RetryOnConflict(async () =>
    {
        var now = clock.GetUtcNow();
        var key = await Load(id, caller, ct);
        await RequireWithin(caller, key, ct);

        var (drawn, text) = KeyText.Draw(key.IsTest);
        using var secret = drawn.Secret;
        var successor = key.Rotate(drawn, pepper.Mac(secret), overlap, now);
        db.ApiKeys.Add(successor);
        var children = await db.ApiKeys.Where(k => k.ParentId == key.Id).ToListAsync(ct);
        children.ForEach(child => child.FollowParent(successor));
        await revocations.Save([key.Id], ct);
        return new NewKeyResponse(successor.Id, successor.Name, text, successor.Scopes, successor.ExpiresAt, []);
    });

    /// <summary>Ends a key and all that were made with it. True everywhere when it returns, also when they had ended before.</summary>
    public Task<ApiKey> Revoke(string id, Caller caller, CancellationToken ct) => db.RetryOnConflict(async () =>
    {
        var key = await Load(id, caller, ct);
        await Revoke(key, "manual", ct);
        return key;
    });

    /// <summary>Ends a key that someone handed in, which proves that they hold it.</summary>
    public Task<ApiKey> RevokePresented(string id, string reason, CancellationToken ct) => db.RetryOnConflict(async () =>
    {
        var key = await db.ApiKeys.SingleAsync(k => k.Id == id, ct);
        await Revoke(key, reason, ct);
        return key;
    });

    /// <summary>Notes that a key stood in an address.</summary>
    public Task<ApiKey> Expose(string id, CancellationToken ct) => db.RetryOnConflict(async () =>
    {
        var key = await db.ApiKeys.SingleAsync(k => k.Id == id, ct);
        key.Expose(clock.GetUtcNow());
        await db.SaveChangesAsync(ct);
        return key;
    });

    private async Task Revoke(ApiKey key, string reason, CancellationToken ct)
    {
        var family = await db.Family(key, ct);
        var active = family.Where(k => k.RevokedAt is null).ToList();
        if (active.Count == 0)
        {
            await revocations.Settle(ct);
            return;
        }

        var now = clock.GetUtcNow();
        foreach (var one in active) one.Revoke(one == key ? reason : "parent_revoked", now);
        await revocations.Save(active.ConvertAll(k => k.Id), ct);
    }

    private async Task<ApiKey> Load(string id, Caller caller, CancellationToken ct) =>
        await db.ApiKeys.VisibleTo(caller).SingleOrDefaultAsync(k => k.Id == id, ct) ?? throw Refuse.NotFound("key");

    /// <summary>
    /// A key above it may meanwhile be weaker than it was when it made the key: its user's role is what it is now, and rotating shortens
    /// lives.
    /// </summary>
    private async Task RequireWithin(Caller caller, ApiKey key, CancellationToken ct)
    {
        var isOwn = key.Id == caller.KeyId;
        if (!isOwn && (caller.KeyId is { } above ? !await db.IsBelow(key, above, ct) : key.UserId != caller.UserId))
            throw Refuse.Forbidden("key_not_below",
                "Rotate this key with itself, with a key that it comes from, or as the person whose key it is. Others can only revoke it.");

        var rights = isOwn ? RightsQueries.RightsOf(caller, key) : await db.RightsOf(caller, ct);
        // The key of a demoted user rotates itself, and stays as weak.
        rights.RequireCover(key, isOwn ? Roles.Limit(key.Scopes, caller.Role) : key.Scopes);
    }

    private async Task CheckPartners(IReadOnlyList<string>? partners, Caller caller, CancellationToken ct)
    {
        if (partners is null) return;
        var own = caller.OrganizationId;
        var known = await db.Partnerships.Where(p => p.ConsumerId == own && partners.Contains(p.ProviderId)).Select(p => p.ProviderId)
            .Union(db.Partnerships.Where(p => p.ProviderId == own && partners.Contains(p.ConsumerId)).Select(p => p.ConsumerId))
            .ToListAsync(ct);
        var errors = partners.Select((partner, i) => (Path: $"partners[{i}]", partner)).Where(p => !known.Contains(p.partner))
            .ToDictionary(p => p.Path, _ => NoPartner);
        if (errors.Count > 0) throw Invalid.Fields(errors);
    }
}
