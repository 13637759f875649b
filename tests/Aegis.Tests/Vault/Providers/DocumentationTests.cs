using System.Reflection;
using System.Text.RegularExpressions;
using Aegis.Vault.Providers;

namespace Aegis.Tests.Vault.Providers;

/// <summary>docs/vault-providers.md agrees with the code.</summary>
public sealed partial class DocumentationTests(VaultApp vault) : IClassFixture<VaultApp>
{
    private static readonly string Text = File.ReadAllText(Path.Combine(Folder(), "docs", "vault-providers.md"));

    [Fact]
    public void Every_example_is_accepted_by_its_provider()
    {
        var providers = vault.App.Services.GetRequiredService<ProviderCatalogue>();
        var examples = Example().Matches(Text);

        examples.Select(e => e.Groups[1].Value).Distinct().Should().BeEquivalentTo(providers.Names.Except(["standin", "n8n"]));
        foreach (Match example in examples) Bench.Credential(providers.Of(example.Groups[1].Value), example.Groups[2].Value);
    }

    [Fact]
    public void Every_code_has_a_table_row_and_every_row_a_code()
    {
        var codes = typeof(ProviderCode).GetFields(BindingFlags.Static | BindingFlags.Public).Select(f => (string)f.GetRawConstantValue()!);

        Row().Matches(Text[Text.IndexOf("## Codes", StringComparison.Ordinal)..]).Select(m => m.Groups[1].Value)
            .Should().BeEquivalentTo(codes);
    }

    private static string Folder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Aegis.sln"))) folder = folder.Parent!;
        return folder.FullName;
    }

    [GeneratedRegex(@"<!-- config (\w+) -->\n```json\n(.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex Example();

    [GeneratedRegex(@"^\| `([a-z_]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
