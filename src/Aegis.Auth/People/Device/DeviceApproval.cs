namespace Aegis.Auth.People.Device;

/// <summary>The request of a program to act for a person, as the person sees it.</summary>
/// <param name="UserCode">The code in its canonical form.</param>
/// <param name="Client">The program's name.</param>
/// <param name="Address">The address that the request came from, or null.</param>
/// <param name="Agent">The user agent that the program sent, which is not verified; or null.</param>
/// <param name="Rights">The scopes that the program would get: those that it asked for and the person has.</param>
/// <param name="AsksForAll">True when it asked for everything that the person may do.</param>
/// <param name="CreatedAt">When it asked.</param>
/// <param name="ExpiresAt">Until then the person can decide.</param>
internal sealed record DeviceRequest(
    string UserCode, string Client, string? Address, string? Agent, IReadOnlyList<string> Rights, bool AsksForAll, DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt);

/// <summary>
/// Shows a person the request of a program, and approves or denies it. Showing changes nothing. A person who tries out codes is stopped by
/// <see cref="WrongCodes"/>.
/// </summary>
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

    /// <summary>Denies the request of the program.</summary>
    /// <inheritdoc cref="Look" path="/exception"/>
    public Task Deny(string? typed, Caller person, CancellationToken ct) =>
        Decide(typed, person, grant => grant.Deny(person, clock.GetUtcNow()), ct);

    /// <summary>
    /// Retried when the program polls at the same time or another click was saved first; then the grant refuses a second decision.
    /// </summary>
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
            "This code does not exist. Type it as the program shows it: four letters and four digits.");
    }
}
