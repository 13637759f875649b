namespace Aegis.Auth.People.Device;

/// <summary>What a person is asked about a program that wants to act for them.</summary>
/// <param name="UserCode">The code in its one form.</param>
/// <param name="Client">The program's name.</param>
/// <param name="Address">From where it asked, or null.</param>
/// <param name="Agent">What it calls itself, or null; nobody checked that.</param>
/// <param name="Rights">The scopes it would have: what it asked for and the person has.</param>
/// <param name="AsksForAll">True when it did not ask for less than all that the person may do.</param>
/// <param name="CreatedAt">When it asked.</param>
/// <param name="ExpiresAt">Until when the person can decide.</param>
internal sealed record DeviceRequest(
    string UserCode, string Client, string? Address, string? Agent, IReadOnlyList<string> Rights, bool AsksForAll, DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt);

/// <summary>Where persons decide about programs. Looking changes nothing; whoever tries codes out is stopped.</summary>
internal sealed class DeviceApproval(AuthDb db, UserCodes codes, WrongCodes wrong, TimeProvider clock)
{
    /// <exception cref="RefusedException">device_code_unknown, device_code_expired, device_code_used or
    /// device_attempts_exceeded.</exception>
    public async Task<DeviceRequest> Look(string? typed, Caller person, CancellationToken ct)
    {
        var (grant, code) = await Find(typed, person, ct);
        grant.RequireWaiting(clock.GetUtcNow());
        return new DeviceRequest(
            code, PublicClients.NameOf(grant.Client), grant.Address, grant.Agent, [.. grant.RightsFor(person)], grant.Scopes is null,
                grant.CreatedAt, grant.ExpiresAt);
    }

    /// <summary>Lets the program act for the person.</summary>
    /// <inheritdoc cref="Look" path="/exception"/>
    public Task Approve(string? typed, Caller person, CancellationToken ct) =>
        Decide(typed, person, grant => grant.Approve(person, clock.GetUtcNow()), ct);

    /// <summary>Turns the program away.</summary>
    /// <inheritdoc cref="Look" path="/exception"/>
    public Task Deny(string? typed, Caller person, CancellationToken ct) =>
        Decide(typed, person, grant => grant.Deny(person, clock.GetUtcNow()), ct);

    /// <summary>The program may ask meanwhile, or another click be first: then the grant says so.</summary>
    private Task Decide(string? typed, Caller person, Action<DeviceGrant> decision, CancellationToken ct) => db.RetryOnConflict(async () =>
    {
        person.RequireSteppedUp();
        var (grant, _) = await Find(typed, person, ct);
        decision(grant);
        await db.SaveChangesAsync(ct);
    });

    private async Task<(DeviceGrant Grant, string Code)> Find(string? typed, Caller person, CancellationToken ct)
    {
        wrong.RequireAllowed(person.UserId!);
        if (UserCodes.Read(typed) is { } code)
        {
            var hash = codes.HashOf(code);
            if (await db.DeviceGrants.SingleOrDefaultAsync(g => g.UserCodeHash == hash, ct) is { } grant) return (grant, code);
            wrong.Count(person.UserId!);
        }

        throw new RefusedException(StatusCodes.Status404NotFound, "device_code_unknown",
            "There is no such code. Type it as the program shows it: four letters, four digits.");
    }
}
