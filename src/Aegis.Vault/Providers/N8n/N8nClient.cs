namespace Aegis.Vault.Providers.N8n;

/// <summary>
/// The calls of n8n's public API that Aegis uses, as of n8n 2.8.4. A missing call in an older version is reported as such.
/// </summary>
internal sealed class N8nClient(N8nCalls calls)
{
    private const int PageSize = 250;        // n8n's own limit
    private const int MaxPages = 80;        // 20,000 credentials
    private const int WorkflowsPerPage = 25; // whole workflows: a page must fit into the byte limit

    /// <summary>Lists all credentials that the key can see, each id once.</summary>
    /// <remarks>
    /// n8n pages by offset, so a credential that is deleted during the read can hide another one. Before a caller treats a credential as
    /// missing, it must list twice.
    /// </remarks>
    public async Task<IReadOnlyList<N8nCredential>> Credentials(N8nAccess access, CancellationToken ct)
    {
        var found = new Dictionary<string, N8nCredential>(StringComparer.Ordinal);
        string? cursor = null;
        for (var page = 0; page < MaxPages; page++)
        {
            var (items, next) = await Page(access, "/credentials", PageSize, cursor, ct);
            foreach (var item in items) found[N8nJson.Id(item)] = N8nCredential.From(item);
            if (next is null) return [.. found.Values];
            cursor = next;
        }

        throw new ProviderException(
            ProviderFault.Misconfigured, ProviderCode.AnswerTooLarge, $"n8n lists more than {PageSize * MaxPages} credentials.");
    }

    /// <summary>The credential with this id, or null.</summary>
    public async Task<N8nCredential?> Credential(N8nAccess access, string id, CancellationToken ct) =>
        (await Credentials(access, ct)).FirstOrDefault(c => c.Id == id);

    /// <summary>
    /// Sets members of a credential's data and keeps the others. Running workflows use them at once. If n8n rejects the data, it is sent
    /// once more with the members that n8n's schema of the type requires and that can be filled without harm.
    /// </summary>
    /// <returns>The names of the members that were filled.</returns>
    public async Task<IReadOnlyList<string>> SetData(N8nAccess access, string id, JsonObject data, CancellationToken ct)
    {
        if (await Patch(access, id, data, ct)) return [];
        var type = (await Credential(access, id, ct) ?? throw Missing()).Type;
        if (await Schema(access, type, ct) is not { } schema || N8nCompletion.Of(schema, data) is not { } lacks) throw Rejected(type);
        if (lacks.Foreign.Count > 0)
            throw Rejected(type, $"It has no member {string.Join(", ", lacks.Foreign)}. Correct data_field, handle_field or extra.");
        if (lacks.Asked.Count > 0) throw Rejected(type, $"Add to extra, with the values that n8n has: {string.Join("; ", lacks.Asked)}.");
        if (lacks.Filled.Count == 0) throw Rejected(type);
        var whole = data.DeepClone().AsObject();
        foreach (var (name, value) in lacks.Filled) whole[name] = value?.DeepClone();
        return await Patch(access, id, whole, ct) ? lacks.Filled.Select(m => N8nCompletion.Shown(m.Key)).ToList() : throw Rejected(type);
    }

    /// <returns>False when n8n rejected the data and changed nothing.</returns>
    private async Task<bool> Patch(N8nAccess access, string id, JsonObject data, CancellationToken ct)
    {
        // without isPartialData n8n deletes the members that are not sent
        var body = new JsonObject { ["isPartialData"] = true, ["data"] = data.DeepClone() };
        var answer = await calls.Send(access, HttpMethod.Patch, $"/credentials/{ProviderCalls.Segment(id)}", body, ct);
        if (answer.Status is >= 200 and < 300) return true;
        if (answer.Status is 400) return false;
        if (answer.Status is not (403 or 404)) throw N8nCalls.Refused(answer.Status, changes: true);
        if (await Credential(access, id, ct) is null) throw Missing();
        throw answer.Status is 404 ? N8nCalls.Unsupported(answer.Status) : N8nCalls.Refused(answer.Status, changes: true);
    }

    /// <summary>The schema of the data of a type; null when n8n has none, or one too large for Aegis.</summary>
    private async Task<N8nSchema?> Schema(N8nAccess access, string type, CancellationToken ct)
    {
        try
        {
            var answer = await calls.Send(
                access, HttpMethod.Get, $"/credentials/schema/{ProviderCalls.Segment(type)}", body: null, ct, N8nSchema.MaxBytes);
            return answer.Status is 200 ? N8nSchema.Read(answer) : null;
        }
        catch (ProviderException e) when (e.Code is ProviderCode.AnswerTooLarge)
        {
            return null;
        }
    }

    private static ProviderException Rejected(string type, string? what = null) => new(
        ProviderFault.Misconfigured, N8nCode.DataRejected,
        $"n8n rejects this data for a credential of type {N8nCompletion.Shown(type)} (HTTP 400). "
            + (what ?? "Check data_field, and add to extra the members that the type requires."));

    /// <summary>A workflow, or null when n8n has none with this id.</summary>
    public async Task<JsonObject?> Workflow(N8nAccess access, string id, CancellationToken ct)
    {
        var answer = await calls.Send(access, HttpMethod.Get, $"/workflows/{ProviderCalls.Segment(id)}", body: null, ct);
        return answer.Status switch
        {
            200 => Whole(answer),
            404 => null,
            _ => throw N8nCalls.Refused(answer.Status, changes: false),
        };
    }

    /// <summary>Replaces a workflow. n8n does not check that it is unchanged since it was read; the caller does.</summary>
    /// <returns>What n8n stored, or null when it refused the body.</returns>
    public async Task<JsonObject?> Replace(N8nAccess access, string id, JsonObject body, CancellationToken ct)
    {
        var answer = await calls.Send(access, HttpMethod.Put, $"/workflows/{ProviderCalls.Segment(id)}", body, ct);
        return answer.Status switch
        {
            200 => Whole(answer),
            400 => null,
            _ => throw N8nCalls.Refused(answer.Status, changes: true),
        };
    }

    /// <summary>One page of whole workflows.</summary>
    public async Task<N8nPage<JsonElement>> Workflows(N8nAccess access, string? cursor, CancellationToken ct) =>
        await Page(access, "/workflows", WorkflowsPerPage, cursor, ct, N8nCalls.AnyJson);

    public static ProviderException Missing() => new(
        ProviderFault.Misconfigured, N8nCode.CredentialMissing,
        "n8n has no credential with this provider_credential_id, or does not show it to the API key of the connection.");

    /// <summary>Reads a workflow that will be compared and sent back, so all its texts must be valid.</summary>
    private static JsonObject Whole(SafeResponse answer)
    {
        var json = N8nCalls.Json(answer);
        return N8nJson.IsText(answer.Body) ? JsonObject.Create(json)! : throw N8nJson.Unexpected();
    }

    private async Task<N8nPage<JsonElement>> Page(
        N8nAccess access, string path, int limit, string? cursor, CancellationToken ct, Func<SafeResponse, JsonElement>? read = null)
    {
        var query = cursor is null ? $"?limit={limit}" : $"?limit={limit}&cursor={Uri.EscapeDataString(cursor)}";
        var answer = await calls.Send(access, HttpMethod.Get, path + query, body: null, ct);
        if (answer.Status is 404) throw N8nCalls.Unsupported(answer.Status);
        if (answer.Status is not 200) throw N8nCalls.Refused(answer.Status, changes: false);
        var json = (read ?? N8nCalls.Json)(answer);
        if (!json.TryGetProperty("data", out var data) || data.ValueKind is not JsonValueKind.Array) throw N8nJson.Unexpected();
        var next = json.TryGetProperty("nextCursor", out var value) ? N8nJson.Read(value) : null;
        return new N8nPage<JsonElement>([.. data.EnumerateArray()], next is { Length: > 0 } ? next : null);
    }
}
