namespace Aegis.Vault.Providers.N8n;

/// <summary>Turns what n8n did into the answer of a call that needed it.</summary>
internal static class N8nRefusals
{
    private const int BadGateway = 502;

    /// <summary>Does something with n8n on behalf of a caller.</summary>
    public static async Task<T> Of<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (ProviderException e)
        {
            throw Refusal(e);
        }
    }

    private static RefusedException Refusal(ProviderException e) => e.Code switch
    {
        N8nCode.VersionUnsupported => Refuse.Conflict("n8n_version_unsupported", $"Update n8n to 2.8.0 or newer. {e.Message}"),
        ProviderCode.AccessRefused or ProviderCode.PermissionMissing or ProviderCode.AddressNotAllowed or ProviderCode.TlsFailed =>
            Refuse.Conflict("n8n_access_refused", $"Correct the connection to n8n. {e.Message}").With("provider_code", e.Code),
        ProviderCode.AnswerUnexpected or ProviderCode.AnswerTooLarge =>
            new RefusedException(BadGateway, "n8n_answer_unexpected", $"Aegis cannot work with what n8n answered. {e.Message}").With(
                "provider_code", e.Code),
        _ => new RefusedException(BadGateway, "n8n_unreachable", $"Repeat the call later: n8n did not do its part. {e.Message}").With(
            "provider_code", e.Code),
    };
}
