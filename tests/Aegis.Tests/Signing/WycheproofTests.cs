using Aegis.Audit.Notes;

namespace Aegis.Tests.Signing;

/// <summary>
/// Project Wycheproof's test vectors for Ed25519 (ed25519_test.json, Apache-2.0): malleable, truncated and badly encoded signatures.
/// </summary>
public sealed class WycheproofTests
{
    [Fact]
    public void Every_vector_gets_its_expected_result()
    {
        using var vectors = JsonDocument.Parse(typeof(WycheproofTests).Assembly.GetManifestResourceStream("ed25519_test.json")!);
        var (checkedCount, valid) = (0, 0);

        foreach (var group in vectors.RootElement.GetProperty("testGroups").EnumerateArray())
        {
            var key = Hex(group.GetProperty("publicKey").GetProperty("pk"));
            foreach (var test in group.GetProperty("tests").EnumerateArray())
            {
                var isValid = test.GetProperty("result").GetString() == "valid";
                var id = test.GetProperty("tcId").GetInt32();

                Ed25519.Verify(key, Hex(test.GetProperty("msg")), Hex(test.GetProperty("sig"))).Should().Be(isValid, $"of test {id}");
                checkedCount++;
                valid += isValid ? 1 : 0;
            }
        }

        checkedCount.Should().Be(vectors.RootElement.GetProperty("numberOfTests").GetInt32());
        valid.Should().BeInRange(1, checkedCount - 1);
    }

    private static byte[] Hex(JsonElement text) => Convert.FromHexString(text.GetString()!);
}
