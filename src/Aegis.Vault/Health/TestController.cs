using Aegis.Kernel.Auditing;

namespace Aegis.Vault.Health;

/// <summary>Tests one credential.</summary>
[ApiController]
[Route("v1/credentials/{name}/test")]
[Tags("Health")]
[Produces("application/json")]
[ErrorAndMessage]
internal sealed class TestController(VaultDb db, Caller caller, ProviderCatalogue providers, Checker checker) : ControllerBase
{
    /// <summary>Tests the value in use at the provider, without changing anything there.</summary>
    /// <response code="200">Whether it works, and details of the provider's answer.</response>
    /// <response code="404">not_found, value_missing</response>
    /// <response code="409">credential_retired, test_not_configured</response>
    [HttpPost]
    [RequireScope(Scopes.CredentialRead)]
    public async Task<TestResponse> Test(string name, CancellationToken ct)
    {
        var credential = await db.Credentials.AsNoTracking().OwnedBy(caller).Named(name, ct);
        credential.RequireInUse();
        if (credential.CurrentVersion == 0)
            throw new RefusedException(
                404, "value_missing", "This credential has no value yet. Set one, or rotate it if its provider can make one.");
        if (!providers.Of(credential.Provider).CanTest(ProviderConfigs.Open(credential)))
        {
            throw Refuse.Conflict(
                "test_not_configured",
                $"'{credential.Name}' has no test for the provider '{credential.Provider}'. Configure one in its provider_config.");
        }

        HttpContext.SetAuditedObject(credential.Id);
        return TestResponse.From(await checker.Check(credential.Id, ct));
    }
}
