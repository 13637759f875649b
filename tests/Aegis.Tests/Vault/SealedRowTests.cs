using Aegis.Vault.Persistence;

namespace Aegis.Tests.Vault;

/// <summary>No value may appear in the database, other files or logs.</summary>
public sealed class SealedRowTests(VaultApp vault) : IClassFixture<VaultApp>
{
    [Fact]
    public async Task A_ciphertext_in_another_row_or_with_a_flipped_bit_cannot_be_opened()
    {
        var (one, other) = (await vault.Registered(value: "of-one"), await vault.Registered(value: "of-other"));
        var (oneId, otherId) =
            ((await vault.Admin.Get($"/v1/credentials/{one}")).Id, (await vault.Admin.Get($"/v1/credentials/{other}")).Id);

        await vault.App.Use<VaultDb>(async db =>
        {
            var stolen = await db.Versions.Where(v => v.CredentialId == oneId).Select(v => v.SealedValue!).FirstAsync();
            await db.Versions.Where(v => v.CredentialId == otherId).ExecuteUpdateAsync(v => v.SetProperty(x => x.SealedValue, stolen));
            var flipped = (byte[])stolen.Clone();
            flipped[^1] ^= 1;
            await db.Versions.Where(v => v.CredentialId == oneId).ExecuteUpdateAsync(v => v.SetProperty(x => x.SealedValue, flipped));
        });

        foreach (var name in new[] { one, other })
        {
            var refused = await vault.Admin.Get($"/v1/credentials/{name}/value");
            refused.ShouldBeRefused(HttpStatusCode.InternalServerError, "value_unreadable");
            refused.Text.Should().NotContain("of-one");
            (await vault.Admin.Post($"/v1/credentials/{name}/test"))["error.code"].Should().Be("value_unreadable");
        }
    }

    [Fact]
    public async Task A_value_appears_in_no_file_and_no_log()
    {
        string[] canaries = ["canary-one-7f3a9c", "canary-two-7f3a9c", "canary-reason", "canary-secret-member-7f3a9c"];
        var name = await vault.Registered("standin", value: canaries[0], config: new { password = canaries[3] });
        vault.Target.Of(name).Add(canaries[0]);
        await vault.Admin.Put($"/v1/credentials/{name}/value", new { value = canaries[1] });
        vault.Target.Fail(name, "set", Failure.Away);
        await vault.Rotate(name);
        await vault.Until(name, "done");
        var made = await vault.ValueOf(name);
        await vault.Admin.Post($"/v1/credentials/{name}/rollback", new { version = 1 });
        await vault.Admin.Post($"/v1/credentials/{name}/test");
        await vault.Admin.Post("/v1/credentials/search-leak", new { value = canaries[0] });
        await vault.Admin.Put($"/v1/credentials/{name}/value", $$"""{"value":"{{canaries[1]}}","reason":1}""");
        await vault.Admin.Post("/v1/credentials",
            $$"""{"name":"{{name}}","credential_type":"a","provider":"env","value":"{{canaries[0]}}"}""");

        foreach (var secret in canaries.Where(c => c != "canary-reason").Append(made))
        {
            foreach (var file in Directory.EnumerateFiles(vault.App.DataDirectory, "*", SearchOption.AllDirectories))
                Holds(await Read(file), secret).Should().BeFalse("{0} must not be in {1}", secret, Path.GetFileName(file));
            vault.App.Logs.Lines.Should().NotContain(l => l.Contains(secret, StringComparison.Ordinal));
            (await vault.Admin.Get("/v1/audit?limit=200")).Text.Should().NotContain(secret);
        }
    }

    private static bool Holds(byte[] bytes, string text) =>
        bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0 || bytes.AsSpan().IndexOf(Encoding.Unicode.GetBytes(text)) >= 0;

    private static async Task<byte[]> Read(string path)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var copy = new MemoryStream();
        await file.CopyToAsync(copy);
        return copy.ToArray();
    }
}
