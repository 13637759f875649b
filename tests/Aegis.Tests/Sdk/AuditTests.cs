using System.Buffers.Binary;
using Aegis.Sdk.Audit;
using Aegis.Sdk.Failures;

namespace Aegis.Tests.Sdk;

public sealed class AuditTests(AegisApp app) : IClassFixture<AegisApp>
{
    [Fact]
    public async Task A_proof_shows_that_an_entry_is_in_the_log()
    {
        using var client = app.Client("operator");
        await client.Identity.GetSessionAsync();
        var entry = await client.Audit.ListAsync(new AuditFilter { Action = "GET /v1/auth/session" }).FirstAsync();

        var proof = await Eventually(() => client.Audit.GetProofAsync(entry.Id));

        SHA256.HashData([.. Convert.FromBase64String(proof.Salt!), .. Convert.FromBase64String(proof.Entry!)])
            .Should().Equal(Convert.FromBase64String(proof.Commitment));
        Root(proof).Should().Be(proof.Checkpoint.Split('\n')[2], "the checkpoint signs this root");
        var leaves = await client.Audit.GetLeavesAsync(proof.LeafIndex / 256, Width(proof));
        leaves.AsSpan().IndexOf(Convert.FromBase64String(proof.Commitment)).Should().BePositive();
        (await client.Audit.GetTileAsync(0, proof.LeafIndex / 256, Width(proof))).Should().HaveCount(Width(proof) * SHA256.HashSizeInBytes);
        long.Parse((await client.Audit.GetCheckpointAsync()).Split('\n')[1]).Should().BeGreaterThanOrEqualTo(proof.TreeSize);
        (await client.Audit.GetProofAsync(entry.Id, since: 1)).Consistency.Should().NotBeNull();
        (await client.Audit.GetEvidenceKeysAsync()).Keys
            .Should().Contain(k => proof.Checkpoint.Contains(k.Name) && k.Algorithm == "Ed25519");
    }

    [Fact]
    public async Task A_broken_export_resumes_after_the_last_received_entry()
    {
        using (var busy = app.Client("operator"))
            for (var i = 0; i < 5; i++) await busy.Identity.GetSessionAsync();
        var asked = new List<string?>();
        var direct = new HttpClient { DefaultRequestHeaders = { Authorization = new("Bearer", app.Key("operator")) } };
        using var client = app.Client("operator", new CallInterceptor(async request =>
        {
            if (request.RequestUri!.AbsolutePath != "/v1/audit/export") return null;
            asked.Add(System.Web.HttpUtility.ParseQueryString(request.RequestUri.Query)["after"]);
            if (asked.Count > 1) return null;
            var whole = await direct.GetStringAsync(request.RequestUri);
            var two = string.Join('\n', whole.Split('\n')[..2]) + "\n{\"id\":\"log_cu"; // the third line is cut short
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(new BrokenPipe(Encoding.UTF8.GetBytes(two))) };
        }));

        var filter = new AuditFilter { Action = "GET /v1/auth/session" };
        var exported = await client.Audit.ExportAsync(filter).ToListAsync();

        asked.Should().Equal(null, exported[1].Id);
        exported.Select(e => e.Id).Should().OnlyHaveUniqueItems().And.BeInAscendingOrder(StringComparer.Ordinal);
        exported.Should().HaveCountGreaterThanOrEqualTo(5).And.OnlyContain(e => e.Action == filter.Action);
    }

    private static int Width(AuditProof proof) => (int)Math.Min(256, proof.TreeSize - (proof.LeafIndex / 256 * 256));

    /// <summary>Computes the root from the answer, as RFC 9162 §2.1.3.2 says.</summary>
    private static string Root(AuditProof proof)
    {
        var data = new byte[8 + SHA256.HashSizeInBytes];
        BinaryPrimitives.WriteInt64BigEndian(data, proof.LeafIndex);
        Convert.FromBase64String(proof.Commitment).CopyTo(data, 8);
        var hash = SHA256.HashData([0, .. data]);
        var (at, last) = (proof.LeafIndex, proof.TreeSize - 1);
        foreach (var sibling in proof.Path.Select(Convert.FromBase64String))
        {
            if (at % 2 == 1 || at == last)
            {
                hash = SHA256.HashData([1, .. sibling, .. hash]);
                for (; at % 2 == 0 && at != 0; at /= 2) last /= 2;
            }
            else hash = SHA256.HashData([1, .. hash, .. sibling]);

            (at, last) = (at / 2, last / 2);
        }

        return Convert.ToBase64String(hash);
    }

    /// <summary>Retries: the entry gets its index, and the tree its checkpoint, within about a second.</summary>
    private static async Task<AuditProof> Eventually(Func<Task<AuditProof>> ask)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await ask();
            }
            catch (AegisException early)
                when (attempt < 100 && early is AegisNotFoundException or AegisConflictException or AegisUnavailableException)
            {
                await Task.Delay(100);
            }
        }
    }

    /// <summary>Ends like a broken connection.</summary>
    private sealed class BrokenPipe(byte[] content) : MemoryStream(content)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await base.ReadAsync(buffer, cancellationToken) is > 0 and var read ? read : throw new IOException("The connection broke.");
    }
}
