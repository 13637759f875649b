namespace Aegis.Benchmarks.Measures;

/// <summary>P8 for the vault: its lists and look-ups on a thousand credentials and versions, and on a million.</summary>
internal static class VaultGrowth
{
    private const int FewRows = 1_000;
    private const int Rare = 30; // rows that filters match, equally many at any size
    private const string Known = "known";

    private static readonly (string What, string Path)[] Questions =
    [
        ("GET /v1/credentials", "/v1/credentials"),
        ("the same, offset=500", "/v1/credentials?offset=500"),
        ("the same, status=expiring", "/v1/credentials?status=expiring"),
        ("the same, provider=", "/v1/credentials?provider=generated"),
        ("the same, type=", "/v1/credentials?type=rare"),
        ("GET /v1/credentials/{name}", $"/v1/credentials/{Known}"),
        ("GET …/value", $"/v1/credentials/{Known}/value"),
        ("GET /v1/health", "/v1/health"),
        ("GET /v1/health/dashboard", "/v1/health/dashboard"),
        ("GET /v1/health/expiring", "/v1/health/expiring"),
        ("GET /v1/rotation/schedule", "/v1/rotation/schedule"),
    ];

    public static async Task Measure(Plan plan, Workspace workspace, Action<Row> report)
    {
        await using var few = await Grown(workspace, FewRows);
        await using var many = await Grown(workspace, plan.ManyRows);
        var (fewToken, manyToken) = (await few.AdminToken(), await many.AdminToken());
        foreach (var (what, path) in Questions)
            report(await Growth.Compare(
                plan, what, (few.Server, Requests.Get(path, fewToken)), (many.Server, Requests.Get(path, manyToken))));
    }

    private static async Task<AegisHost> Grown(Workspace workspace, int rows)
    {
        var folder = workspace.NewFolder($"credentials-{rows}");
        string file;
        await using (var first = await AegisHost.Start(folder))
        {
            file = first.DatabaseFile;
            await first.Call(Requests.Post(
                "/v1/credentials", await first.AdminToken(),
                $$"""{"name":"{{Known}}","credential_type":"api_key","provider":"env","value":"v","rotation_enabled":true}"""));
        }

        var rare = $"n % {rows / Rare} = 0";
        Bulk.Fill(file, connection =>
        {
            Bulk.Copy(connection, "vault_credentials", rows, new()
            {
                ["Id"] = "printf('cred_%026d', n)",
                ["Name"] = "printf('grown %d', n)",
                ["Provider"] = $"CASE WHEN {rare} THEN 'generated' ELSE Provider END",
                ["CredentialType"] = $"CASE WHEN {rare} THEN 'rare' ELSE CredentialType END",
                ["AlertsAt"] = $"CASE WHEN {rare} THEN CreatedAt END",
                ["ExpiresAt"] = $"CASE WHEN {rare} THEN CreatedAt + {TimeSpan.TicksPerDay} + n END",
                ["WarnedAt"] = "CreatedAt",
                ["NextRotationAt"] = "NextRotationAt + n",
            });
            Bulk.Copy(connection, "vault_credential_versions", rows, new()
            {
                ["CredentialId"] = "printf('cred_%026d', n)",
                ["Fingerprint"] = "printf('%064d', n)",
            });
            Bulk.Run(connection, $"UPDATE vault_credential_totals SET InUse = InUse + {rows}");
        });
        return await AegisHost.Start(folder);
    }
}
