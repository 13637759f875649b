namespace Aegis.Vault.Providers.N8n;

/// <summary>Turns a failure of n8n into the answer of the API call that needed n8n.</summary>
internal static class N8nRefusals
{
    private const int BadGateway = 502;

    /// <summary>Runs work with n8n for a caller.</summary>
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
        N8nCode.VersionUnsupported => Refuse.Conflict("n8n_version_unsupported",
            $"This n8n is too old. {e.Message} Update n8n to 2.8.0 or newer."),
        ProviderCode.AccessRefused or ProviderCode.PermissionMissing or ProviderCode.AddressNotAllowed or ProviderCode.TlsFailed =>
            Refuse.Conflict("n8n_access_refused", $"The connection to n8n does not work. {e.Message} Correct the connection.")
                .With("provider_code", e.Code),
        ProviderCode.AnswerUnexpected or ProviderCode.AnswerTooLarge =>
            new RefusedException(BadGateway, "n8n_answer_unexpected", $"Aegis cannot use n8n's answer. {e.Message}").With(
                "provider_code", e.Code),
        _ => new RefusedException(BadGateway, "n8n_unreachable", $"The call to n8n failed. {e.Message} Repeat the call later.").With(
            "provider_code", e.Code),
    };
}
