using Aegis.Kernel.Auditing;
using Aegis.Kernel.Web.Http;
using Aegis.Kernel.Web.Input;
using Aegis.Kernel.Web.Validation;

namespace Aegis.Vault.Values;

/// <summary>The values of credentials. Each read is counted and audited before the answer.</summary>
[ApiController]
[Route("v1/credentials/{name}/value")]
[Tags("Credentials")]
[Produces("application/json")]
[ErrorAndMessage]
internal sealed class ValueController(
    VaultDb db, Caller caller, CredentialSeal seal, UseLedger uses, ValueSetter setter, ILogger<ValueController> log) : ControllerBase
{
    private static readonly Func<VaultDb, string, string, int, IAsyncEnumerable<Held>> Find =
        EF.CompileAsyncQuery((VaultDb db, string organizationId, string name, int version) =>
            from c in db.Credentials.AsNoTracking()
            where c.OrganizationId == organizationId && c.Name == name && !c.IsRetired
            join v in db.Versions.AsNoTracking() on c.Id equals v.CredentialId
            where v.Version == (version == 0 ? c.CurrentVersion : version)
            select new Held(c.Id, v));

    private static readonly Func<VaultDb, string, string, IAsyncEnumerable<Credential>> FindToChange =
        EF.CompileAsyncQuery((VaultDb db, string organizationId, string name) =>
            db.Credentials.Where(c => c.OrganizationId == organizationId && c.Name == name));

    /// <summary>Returns the value in use, or that of an older version.</summary>
    /// <response code="200">The value. The ETag is its version, for a conditional PUT.</response>
    /// <response code="400">validation_failed (version)</response>
    /// <response code="404">not_found, version_not_found, value_missing</response>
    /// <response code="409">credential_retired</response>
    /// <response code="500">value_unreadable</response>
    /// <response code="503">use_not_counted</response>
    [HttpGet]
    [GetOnly]
    [RequireScope(Scopes.SecretRead)]
    public async Task<CredentialValue> Get(string name, [FromQuery] int? version, CancellationToken ct)
    {
        if (version is < 1) throw Invalid.Field("version", "version must be 1 or more.");
        var held = await FirstOf(Find(db, caller.OrganizationId, name, version ?? 0), ct) ?? throw await WhyNot(name, version, ct);
        var value = Open(held.Version);
        await uses.Count(held.CredentialId, ct);
        HttpContext.SetAuditedObject(held.CredentialId);
        Answer(held.Version.Version);
        return new CredentialValue(name, held.Version.Version, value);
    }

    /// <summary>Sets a value by hand: it becomes a new version, in use at once. Nothing changes at the provider.</summary>
    /// <remarks>
    /// <c>If-Match</c> sets the value only if the version in use is still the one that was read (check-and-set). <c>If-Match: "0"</c> and
    /// <c>If-None-Match: *</c> set only a first value.
    /// </remarks>
    /// <response code="200">The new version.</response>
    /// <response code="400">validation_failed, if_match_invalid</response>
    /// <response code="404">not_found</response>
    /// <response code="409">credential_retired, credential_rotating, concurrent_change</response>
    /// <response code="412">revision_mismatch</response>
    [HttpPut]
    [RequireScope(Scopes.SecretWrite)]
    [ShownBy(nameof(Head), InsteadOfGet = true)]
    public async Task<SetValueResponse> Set(string name, SetValueRequest request, CancellationToken ct)
    {
        var credential = await FirstOf(FindToChange(db, caller.OrganizationId, name), ct) ?? throw CredentialQueries.NotFound(name);
        RequireVersion(credential.CurrentVersion);
        var set = await setter.Set(credential, request, ct);
        Answer(set.Version);
        return set;
    }

    /// <summary>What GET answers besides the value. It reads no value, so no use is counted.</summary>
    [NonAction]
    public async Task<CredentialValueHead> Head(string name, CancellationToken ct)
    {
        var credential = await db.Credentials.AsNoTracking().OwnedBy(caller).Named(name, ct);
        return new CredentialValueHead(credential.Name, credential.CurrentVersion);
    }

    private string Open(CredentialVersion version)
    {
        try
        {
            return seal.OpenValue(version);
        }
        catch (CryptographicException)
        {
            Log.ValueUnreadable(log, version.CredentialId, version.Version);
            throw new RefusedException(
                StatusCodes.Status500InternalServerError, "value_unreadable",
                "The stored value cannot be decrypted: it was changed, or its key is missing. Restore the row or the key ring, or set a "
                    + "new value.");
        }
    }

    private void Answer(int version)
    {
        Response.Headers.CacheControl = "no-store";
        Response.Headers.ETag = Tag(version);
    }

    private static string Tag(int version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    private void RequireVersion(int current)
    {
        if (current > 0) Request.RequireNoneMatch(Tag(current));
        if (Request.IsMatch(Tag(current), isThere: current > 0)) return;
        var advice = $"The version in use is {current}. Read the value again and repeat the change.";
        throw Refuse.PreconditionFailed("revision_mismatch", advice).With("version", current);
    }

    private async Task<RefusedException> WhyNot(string name, int? version, CancellationToken ct)
    {
        var credential = await db.Credentials.AsNoTracking().OwnedBy(caller).Named(name, ct);
        if (credential.IsRetired) return Refuse.Conflict("credential_retired", $"'{name}' is retired: its value is no longer returned.");
        return version is { } number
            ? new RefusedException(404, "version_not_found", $"There is no version {number} of this credential.")
            : new RefusedException(404, "value_missing",
                "This credential has no value yet. Set one, or rotate it if its provider can make one.");
    }

    private static async Task<T?> FirstOf<T>(IAsyncEnumerable<T> found, CancellationToken ct)
        where T : class
    {
        await foreach (var one in found.WithCancellation(ct)) return one;
        return null;
    }

    internal sealed record Held(string CredentialId, CredentialVersion Version);
}

/// <summary>Sets a value by hand.</summary>
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
