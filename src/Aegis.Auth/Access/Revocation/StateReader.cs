namespace Aegis.Auth.Access.Revocation;

/// <summary>
/// Reads the state of keys, sessions or logins: from the cache while it is fresh, otherwise from the database. Runs on every request.
/// </summary>
/// <typeparam name="T">The state; nullable when an id may not exist. A missing row is not cached.</typeparam>
internal abstract class StateReader<T>(StatusCache known, CacheFreshness freshness, AuthOptions options, IServiceScopeFactory scopes)
    where T : class?
{
    protected IServiceScopeFactory Scopes { get; } = scopes;

    public ValueTask<T> Of(string id, CancellationToken ct) =>
        !options.StrictRevocation && freshness.Holds && known.Find<T>(id) is { } state ? new(state) : Read(id, ct);

    /// <summary>Reads one state from the database. The compiled query is an instance field: it is tied to one container.</summary>
    protected abstract Task<T> Query(AuthDb db, string id, CancellationToken ct);

    private async ValueTask<T> Read(string id, CancellationToken ct)
    {
        var removalsBefore = known.Removals();
        await using var scope = Scopes.CreateAsyncScope();
        var state = await Query(scope.ServiceProvider.GetRequiredService<AuthDb>(), id, ct);
        if (state is not null && !options.StrictRevocation) known.Keep(id, state, removalsBefore);
        return state;
    }
}
