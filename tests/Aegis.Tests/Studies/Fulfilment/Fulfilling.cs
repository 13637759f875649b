namespace Aegis.Tests.Studies.Fulfilment;

/// <summary>The provider's upload, and the second upload that confirms the findings.</summary>
internal static class Fulfilling
{
    public static Task<ApiResponse> Fulfil(this AegisApp app, string requestId, HttpContent content, string query = "") =>
        app.As("provider").PostContent($"/v1/requests/{requestId}/fulfill{query}", content);

    /// <summary>Sends the study, and sends it again with all findings confirmed.</summary>
    public static async Task<ApiResponse> FulfilConfirmed(this AegisApp app, string requestId, Func<HttpContent> content)
    {
        var refused = await app.Fulfil(requestId, content());
        return refused.Json.TryGetProperty("findings", out _) ? await app.Fulfil(requestId, content(), refused.ConfirmAll()) : refused;
    }

    /// <summary>The query that confirms all findings of a refusal.</summary>
    public static string ConfirmAll(this ApiResponse refused) =>
        "?" + string.Join('&', refused.Findings()
            .Select(f => $"confirm={f.GetProperty("code").GetString()}:{f.GetProperty("id").GetString()}"));

    public static JsonElement[] Findings(this ApiResponse refused) => [.. refused.Json.GetProperty("findings").EnumerateArray()];
}
