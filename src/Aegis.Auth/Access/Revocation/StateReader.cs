namespace Aegis.Auth.Access.Revocation;

/// <summary>
/// How keys, sessions or logins stand: from memory while this host follows every change, else from the database. Runs on every request.
/// </summary>
/// <typeparam name="T">What is known of one, nullable when there may be none with an id. What is not there is not remembered.</typeparam>
internal abstract class StateReader<T>(StatusCache known, CacheFreshness freshness, AuthOptions options, IServiceScopeFactory scopes)
    where T : class?
{
    protected IServiceScopeFactory Scopes { get; } = scopes;

    public ValueTask<T> Of(string id, CancellationToken ct) =>
        !options.StrictRevocation && freshness.Holds && known.Find<T>(id) is { } state ? new(state) : Read(id, ct);

    /// <summary>Reads one from the database, by a compiled query of the instance: such a query holds the model of one container.</summary>
    protected abstract Task<T> Query(AuthDb db, string id, CancellationToken ct);

    private async ValueTask<T> Read(string id, CancellationToken ct)
    {
        var mark = known.Mark();
        await using var scope = Scopes.CreateAsyncScope();
        var state = await Query(scope.ServiceProvider.GetRequiredService<AuthDb>(), id, ct);
        if (state is not null && !options.StrictRevocation) known.Keep(id, state, mark);
        return state;
    }
}
