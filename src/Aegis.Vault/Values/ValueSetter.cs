namespace Aegis.Vault.Values;

/// <summary>Takes a value that a person or program sets by hand.</summary>
internal sealed class ValueSetter(VaultDb db, Versions versions, Rotator rotator, TimeProvider clock)
{
    public async Task<SetValueResponse> Set(Credential credential, SetValueRequest request, CancellationToken ct)
    {
        credential.RequireInUse();
        credential.RequireNoRotation();
        var now = clock.GetUtcNow();
        await rotator.GiveUp(credential, ct);
        var reason = credential.LastVersion == 0 ? VersionReason.Initial : VersionReason.Manual;
        var version = credential.TakeValue(now);
        versions.Append(credential, version, new HeldValue(request.Value), reason, request.Reason, now);
        await db.SaveChangesAsync(ct);
        return new SetValueResponse(credential.Name, version, now);
    }
}
