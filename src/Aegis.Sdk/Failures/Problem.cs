namespace Aegis.Sdk.Failures;

/// <summary>A problem detail (RFC 9457), an OAuth error or a Connect error.</summary>
internal sealed record Problem
{
    private const int MaxBytes = 1 << 20; // Aegis never sends longer problems

    public string? Title { get; set; }

    public string? Detail { get; set; }

    public string? Code { get; set; }

    public string? TraceId { get; set; }

    public Dictionary<string, string[]>? Errors { get; set; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Members { get; set; }

    public static async Task<Problem> ReadAsync(HttpResponseMessage response, CancellationToken ct)
    {
        if (response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.OrdinalIgnoreCase) is not true
            || response.Content.Headers.ContentLength > MaxBytes)
            return new Problem { Code = "unknown", Detail = $"Status {(int)response.StatusCode}, not from Aegis. Is a proxy in between?" };
        try
        {
            var body = await response.Content.ReadAsStringAsync(ct).ConfigureAwait(false);
            var problem = JsonSerializer.Deserialize(body, CamelCaseJson.Default.Problem) ?? new Problem();
            return problem.Code is not null
                ? problem
                : problem with
                {
                    Code = problem.Member("error") ?? "unknown",
                    Detail = problem.Detail ?? problem.Member("error_description")
                };
        }
        catch (JsonException)
        {
            return new Problem { Code = "unknown", Detail = $"Status {(int)response.StatusCode}, with a body that cannot be read." };
        }
    }

    private string? Member(string name) =>
        Members?.TryGetValue(name, out var value) is true && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
