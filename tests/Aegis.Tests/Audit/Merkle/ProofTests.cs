using Aegis.Audit.Checkpoints;
using Aegis.Audit.Merkle;
using Aegis.Kernel.Auditing;

namespace Aegis.Tests.Audit.Merkle;

/// <summary>Checks the answers of <c>GET /v1/audit/{id}/proof</c> like an independent verifier.</summary>
public sealed class ProofTests : IAsyncLifetime
{
    private AuditHost host = null!;

    public async Task InitializeAsync() => host = await AuditHost.Start();

    public async Task DisposeAsync() => await host.DisposeAsync();

    [Fact]
    public async Task A_proof_is_enough_to_check_an_entry_offline()
    {
        var fact = AuditBed.Fact(1);
        await Write(fact);

        var proof = (await host.As("cons_456").Get($"/v1/audit/{fact.Id}/proof")).ShouldBe(HttpStatusCode.OK).Json;

        var (entry, salt) = (Bytes(proof, "entry"), Bytes(proof, "salt"));
        JsonDocument.Parse(entry).RootElement.GetProperty("object").GetString().Should().Be("req_1");
        entry.Should().Equal(fact.ToBytes());
        var commitment = Hashing.Commitment(salt, entry);
        Bytes(proof, "commitment").Should().Equal(commitment);
        IsIn(proof, commitment).Should().BeTrue();
        IsIn(proof, Hashing.Commitment(salt, Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(entry).Replace("req_1", "req_2"))))
            .Should().BeFalse();
    }

    [Fact]
    public async Task Entries_all_over_a_longer_log_can_be_proved()
    {
        var facts = Enumerable.Range(0, 600).Select(i => AuditBed.Fact(i)).ToList();
        await Task.WhenAll(facts.Select(Write));

        foreach (var fact in facts.Where((_, i) => i % 37 == 0))
        {
            var proof = (await host.As("cons_456").Get($"/v1/audit/{fact.Id}/proof")).ShouldBe(HttpStatusCode.OK).Json;
            IsIn(proof, Hashing.Commitment(Bytes(proof, "salt"), fact.ToBytes())).Should().BeTrue();
        }
    }

    [Fact]
    public async Task A_proof_for_an_action_of_the_other_party_has_only_index_and_commitment()
    {
        var fact = AuditBed.Fact(1, "prov_123", "cons_456");
        await Write(fact);

        var mine = await host.As("cons_456").Get($"/v1/audit/{fact.Id}/proof");
        var theirs = (await host.As("prov_123").Get($"/v1/audit/{fact.Id}/proof")).ShouldBe(HttpStatusCode.OK).Json;

        var proof = mine.ShouldBe(HttpStatusCode.OK).Json;
        proof.GetProperty("entry").ValueKind.Should().Be(JsonValueKind.Null);
        proof.GetProperty("salt").ValueKind.Should().Be(JsonValueKind.Null);
        mine.Text.Should().NotContainAny("key_one", "Reading room", "192.0.2.7");
        IsIn(proof, Bytes(proof, "commitment")).Should().BeTrue();
        Bytes(proof, "commitment").Should().Equal(Hashing.Commitment(Bytes(theirs, "salt"), Bytes(theirs, "entry")));
    }

    [Fact]
    public async Task An_action_of_Aegis_itself_is_disclosed_to_all_its_organizations()
    {
        var fact = AuditBed.Fact(1, "prov_123", "cons_456") with { Actor = null };
        await Write(fact);

        foreach (var organization in fact.Organizations)
            Bytes((await host.As(organization).Get($"/v1/audit/{fact.Id}/proof")).ShouldBe(HttpStatusCode.OK).Json, "entry")
                .Should().Equal(fact.ToBytes());
    }

    [Fact]
    public async Task Other_organizations_get_404_even_while_the_entry_is_pending()
    {
        var (waiting, placed) = (AuditBed.Fact(1), AuditBed.Fact(2));
        await Write(placed);
        await host.UntilSequenced();
        await host.Pause();
        await Write(waiting);

        foreach (var id in new[] { waiting.Id, placed.Id, "log_none" })
            (await host.As("cons_789").Get($"/v1/audit/{id}/proof")).ShouldBeRefused(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task A_proof_that_is_not_ready_within_two_seconds_gets_503()
    {
        await host.Pause();
        var fact = AuditBed.Fact(1);
        await Write(fact);

        var answer = await host.As("cons_456").Get($"/v1/audit/{fact.Id}/proof");

        answer.ShouldBeRefused(HttpStatusCode.ServiceUnavailable, "proof_pending");
        answer.Headers.RetryAfter!.Delta.Should().Be(TimeSpan.FromSeconds(1));
        (await host.As("cons_456")
            .Get("/v1/audit/tlog/checkpoint")).ShouldBeRefused(HttpStatusCode.ServiceUnavailable, "checkpoint_pending");
    }

    [Fact]
    public async Task A_proof_shows_that_the_log_extends_an_earlier_checkpoint()
    {
        for (var i = 0; i < 5; i++) await Write(AuditBed.Fact(i));
        var kept = Signed((await Prove(AuditBed.Fact(10))).GetProperty("checkpoint").GetString()!);
        for (var i = 20; i < 300; i++) await Write(AuditBed.Fact(i));

        var proof = await Prove(AuditBed.Fact(900), $"?since={kept.Size}");

        var newest = Signed(proof.GetProperty("checkpoint").GetString()!);
        newest.Size.Should().BeGreaterThan(280);
        var path = proof.GetProperty("consistency").EnumerateArray().Select(h => h.GetBytesFromBase64()).ToList();
        Checks.Extends(kept.Size, kept.Root, newest.Size, newest.Root, path).Should().BeTrue();
        Checks.Extends(kept.Size, newest.Root, newest.Size, newest.Root, path).Should().BeFalse();
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("9999999")]
    [InlineData("x")]
    public async Task An_invalid_since_is_refused(string since)
    {
        var fact = AuditBed.Fact(1);
        await Write(fact);

        (await host.As("cons_456")
            .Get($"/v1/audit/{fact.Id}/proof?since={since}")).ShouldBeRefused(HttpStatusCode.BadRequest, "validation_failed");
    }

    private async Task<JsonElement> Prove(AuditFact fact, string query = "")
    {
        await Write(fact);
        return (await host.As("cons_456").Get($"/v1/audit/{fact.Id}/proof{query}")).ShouldBe(HttpStatusCode.OK).Json;
    }

    private Task Write(AuditFact fact) => host.Services.GetRequiredService<IAuditTrail>().Write(fact, default);

    private static bool IsIn(JsonElement proof, byte[] commitment)
    {
        var checkpoint = Signed(proof.GetProperty("checkpoint").GetString()!);
        var index = proof.GetProperty("leafIndex").GetInt64();
        proof.GetProperty("treeSize").GetInt64().Should().Be(checkpoint.Size);
        var path = proof.GetProperty("path").EnumerateArray().Select(h => h.GetBytesFromBase64()).ToList();
        return Checks.Includes(index, checkpoint.Size, Hashing.Leaf(Hashing.LeafData(index, commitment)), path, checkpoint.Root);
    }

    private static Checkpoint Signed(string note) => Checkpoint.Parse(note)!;

    private static byte[] Bytes(JsonElement proof, string member) => proof.GetProperty(member).GetBytesFromBase64();
}
