using Aegis.Kernel.Web.Validation;

namespace Aegis.Auth.Access.Keys;

/// <summary>
/// Creates, replaces and revokes keys. A change starts again from the beginning when another change of the same key was saved first, so
/// that a key that was just revoked gets no child.
/// </summary>
internal sealed class KeyChanges(AuthDb db, Pepper pepper, Revocations revocations, AuthOptions options, TimeProvider clock)
{
    private static readonly string[] NoPartner =
        ["Your organization has no partnership with this organization. Leave it out, or propose a partnership first."];

    /// <summary>Creates a key within the rights of the caller. Its text is in the response and nowhere else.</summary>
    public Task<NewKeyResponse> Create(CreateKeyRequest request, Caller caller, CancellationToken ct) => db.RetryOnConflict(async () =>
    {
        var now = clock.GetUtcNow();
        // a key that a person makes has no parent
        var parent = caller.KeyId is null ? null : await db.ApiKeys.SingleAsync(k => k.Id == caller.KeyId, ct);
        if (parent?.RevokedAt is not null) throw Refuse.Unauthorized("api_key_revoked", "This API key was revoked. Use another one.");
        await CheckPartners(request.Partners, caller, ct);
        var rights = parent is null ? await db.RightsOf(caller, ct) : RightsQueries.RightsOf(caller, parent);
        var (grant, isCut) = KeyGrants.Of(request, rights, caller.Role, now);
        var active = db.ApiKeys.Where(k => k.OrganizationId == caller.OrganizationId).WithStatus(KeyStatus.Active, now).OrderBy(k => k.Id);
        if (await active.Take(options.MaxKeys).CountAsync(ct) == options.MaxKeys)
            throw Refuse.Conflict("too_many_keys",
                $"An organization can have at most {options.MaxKeys} active keys. Revoke keys that are not used.");

        var (drawn, text) = KeyText.Draw(parent?.IsTest ?? options.Sandbox is true);
        using var secret = drawn.Secret;
        var (mac, name) = (pepper.Mac(secret), request.Name.Trim());
        var key = parent?.CreateChild(drawn, mac, name, grant, now)
            ?? ApiKey.CreateForPerson(drawn, mac, name, (caller.OrganizationId, caller.UserId!), grant, now);
        db.ApiKeys.Add(key);
        await db.SaveChangesAsync(ct);
        return new NewKeyResponse(key.Id, key.Name, text, key.Scopes, key.ExpiresAt, isCut ? [KeyGrants.ExpiryCut] : []);
    });

    /// <summary>
    /// Replaces a key; the children move to the new key. Only the key itself, a key above it or its user can do this. Any other key would
    /// get a key that outlives it or acts as another user. A narrowed token cannot rotate its own key either, because it would get all
    /// rights of the key.
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

    /// <summary>Revokes a key and all keys below it. Every host knows when it returns, even if the keys were revoked before.</summary>
    public Task<ApiKey> Revoke(string id, Caller caller, CancellationToken ct) => db.RetryOnConflict(async () =>
    {
        var key = await Load(id, caller, ct);
        await Revoke(key, "manual", ct);
        return key;
    });

    /// <summary>Revokes a key whose text was reported. The text proves that the reporter has the key.</summary>
    public Task<ApiKey> RevokePresented(string id, string reason, CancellationToken ct) => db.RetryOnConflict(async () =>
    {
        var key = await db.ApiKeys.SingleAsync(k => k.Id == id, ct);
        await Revoke(key, reason, ct);
        return key;
    });

    /// <summary>Records that a key was sent in a URL.</summary>
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
    /// Refuses to rotate a key that has more rights than the caller. A key above it may have fewer rights now than when it created the key,
    /// because the role of its user may have changed and a rotation shortens its expiry.
    /// </summary>
    private async Task RequireWithin(Caller caller, ApiKey key, CancellationToken ct)
    {
        var isOwn = key.Id == caller.KeyId;
        if (!isOwn && (caller.KeyId is { } above ? !await db.IsBelow(key, above, ct) : key.UserId != caller.UserId))
            throw Refuse.Forbidden("key_not_below",
                "Call with this key itself, with a key that it was created with, or as its user. Others can only revoke it.");

        var rights = isOwn ? RightsQueries.RightsOf(caller, key) : await db.RightsOf(caller, ct);
        // The key of a demoted user can rotate itself, and gets no more rights.
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
