using Aegis.Audit;
using Aegis.Audit.Notes;
using Aegis.Studies.Statements;

namespace Aegis.Tests.Studies.Statements;

/// <summary>Certificates of destruction and receipts are notes that anybody can check with the published keys.</summary>
public sealed class CertificateTests(AegisApp app) : IClassFixture<AegisApp>
{
    [Fact]
    public async Task The_certificate_is_a_signed_note_with_the_facts_of_the_answer()
    {
        var transfer = await app.Deliver();
        await transfer.View();
        await transfer.Acknowledge();
        await transfer.Destroy();

        var certificate = (await app.As("provider").Get($"{transfer.Path}/certificate")).ShouldBe(HttpStatusCode.OK);

        var lines = await Lines(certificate["note"]!, Certificate.Title);
        foreach (var (line, member) in new[]
        {
            ("transfer", "transferId"), ("request", "requestId"), ("consumer", "consumerId"), ("provider", "providerId"),
            ("reason", "reason"), ("by", "by"), ("destroyed_key", "keyId"), ("audit_entry", "auditEntry"),
            ("declared_sha256", "meter.declared.sha256"), ("ingested_sha256", "meter.ingested.sha256"),
            ("ingested_bytes", "meter.ingested.bytes"),
            ("ingested_instances", "meter.ingested.instances"), ("served_bytes", "meter.served.bytes"),
            ("egress_bytes", "meter.served.egressBytes"),
            ("acknowledged_sha256", "meter.acknowledged.sha256"), ("views", "meter.views"),
        }) lines[line].Single().Should().Be(certificate[member], line);
        foreach (var (line, member) in new[]
        {
            ("key_removed_at", "keyRemovedAt"), ("key_erased_at", "keyErasedAt"), ("bytes_deleted_at", "bytesDeletedAt"),
            ("destroyed_at", "destroyedAt"),
            ("delivered_at", "deliveredAt"),
        }) lines[line].Single().Should().Be(certificate[member], line);
        lines["not_covered"].Should().Equal(certificate.Json.GetProperty("notCovered").EnumerateArray().Select(n => n.GetString()));
        certificate["note"].Should().EndWith($"\n\n{certificate["signature"]}\n");
    }

    [Fact]
    public async Task A_caller_that_prefers_text_gets_the_note()
    {
        var transfer = await app.Deliver();
        await transfer.Acknowledge();
        await transfer.Destroy();
        foreach (var path in new[] { $"{transfer.Path}/certificate", $"{transfer.Path}/receipt" })
        {
            var note = (await app.As("consumer").Get(path))["note"];

            var text = (await app.As("consumer").With("Accept", "text/plain").Get(path)).ShouldBe(HttpStatusCode.OK);

            text.ContentHeaders.ContentType!.ToString().Should().Be("text/plain; charset=utf-8");
            text.Text.Should().Be(note);
            foreach (var other in new[] { "*/*", "application/json, text/plain;q=0.5", "text/html" })
                (await app.As("consumer").With("Accept", other).Get(path))["note"].Should().Be(note);
        }
    }

    [Fact]
    public async Task There_is_no_note_before_the_destruction_is_complete()
    {
        await using var own = await OwnApp.Start();
        var transfer = await own.App.Deliver();
        await transfer.HoldOpen(); // its lease delays the destruction
        await own.App.As("consumer").Post($"{transfer.Path}/destroy");

        var early = (await own.App.As("consumer").Get($"{transfer.Path}/certificate")).ShouldBe(HttpStatusCode.OK);

        (early["status"], early["note"], early["signature"]).Should().Be(("destroying", null, null));
        (await own.App.As("consumer").With("Accept", "text/plain").Get($"{transfer.Path}/certificate"))
            .ShouldBeRefused(HttpStatusCode.Conflict, "certificate_pending");
    }

    [Fact]
    public async Task The_note_does_not_change_when_keys_rotate_or_streams_settle_late()
    {
        var transfer = await app.Deliver();
        await transfer.Destroy();
        var before = (await app.As("consumer").Get($"{transfer.Path}/certificate"))["note"]!;

        await AuditModule.RotateEvidenceKey(app.Services, isEmergency: true, CancellationToken.None);
        await transfer.Acknowledge(); // still possible, but not part of the certificate
        app.Clock.Advance(TimeSpan.FromMinutes(1));

        (await app.As("consumer").Get($"{transfer.Path}/certificate"))["note"].Should().Be(before);
        await Lines(before, Certificate.Title);
    }

    [Fact]
    public async Task The_receipt_is_a_signed_note_that_names_its_audit_entry()
    {
        var transfer = await app.Deliver();
        (await app.As("provider").Get($"{transfer.Path}/receipt")).ShouldBeRefused(HttpStatusCode.Conflict, "not_acknowledged");
        await transfer.View();
        (await transfer.Acknowledge()).ShouldBe(HttpStatusCode.OK);

        var receipt = (await app.As("provider").Get($"{transfer.Path}/receipt")).ShouldBe(HttpStatusCode.OK);
        await transfer.Acknowledge(); // again

        var lines = await Lines(receipt["note"]!, ReceiptText.Title);
        lines["acknowledged_sha256"].Should().Equal(transfer.Study.Sha256).And.Equal(lines["ingested_sha256"]);
        lines["acknowledged_bytes"].Should().Equal(lines["ingested_bytes"]);
        lines["matches"].Should().Equal("yes");
        lines["audit_entry"].Should().Equal(receipt["auditEntry"]);
        var trail = await app.As("consumer").Get($"/v1/audit?object={transfer.Id}&action=transfer.acknowledged");
        trail.Json.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("id").GetString()).Should().Equal(receipt["auditEntry"]);
        (await app.As("consumer").Get($"{transfer.Path}/receipt"))["note"].Should().Be(receipt["note"]);
    }

    [Fact]
    public async Task The_note_of_a_different_receipt_says_so()
    {
        var transfer = await app.Deliver();
        await transfer.Acknowledge(instances: 1);

        var receipt = await app.As("consumer").Get($"{transfer.Path}/receipt");

        (await Lines(receipt["note"]!, ReceiptText.Title))["matches"].Should().Equal("no");
        receipt["matches"].Should().Be("False");
    }

    [Fact]
    public async Task A_statement_from_before_signed_notes_is_signed_when_it_is_read()
    {
        var transfer = await app.Deliver();
        await transfer.Acknowledge();
        await transfer.Destroy();
        await app.InStudies(db => db.Statements.Where(s => s.TransferId == transfer.Id).ExecuteDeleteAsync());

        foreach (var path in new[] { $"{transfer.Path}/certificate", $"{transfer.Path}/receipt" })
        {
            var asked = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => app.As("consumer").Get(path)));

            asked.Select(a => a.ShouldBe(HttpStatusCode.OK)["note"]).Distinct().Should().ContainSingle();
        }
    }

    [Fact]
    public async Task Creating_the_first_evidence_key_does_not_disturb_the_call_that_needs_it()
    {
        await using var own = await OwnApp.Start();
        await own.App.Database.Run($"DELETE FROM {TestDatabase.Table("audit", "evidence_keys")}");
        own.App.Clock.Advance(TimeSpan.FromMinutes(1)); // the host reads again which keys it may use
        var transfer = await own.App.Deliver();
        var consumer = own.App.As("consumer").With("Idempotency-Key", "first-key");
        var receipt = new { instances = transfer.Study.Instances, bytes = 0, sha256 = transfer.Study.Sha256 };

        var first = (await consumer.Post($"{transfer.Path}/acknowledge", receipt)).ShouldBe(HttpStatusCode.OK);
        var again = (await consumer.Post($"{transfer.Path}/acknowledge", receipt)).ShouldBe(HttpStatusCode.OK);

        again.Headers.Contains("Idempotent-Replayed").Should().BeTrue();
        again.Id.Should().Be(first.Id);
        var created = (await own.App.As("admin").Get("/v1/audit?action=evidence_key.created")).Json.GetProperty("items")
            .EnumerateArray().First();
        created.GetProperty("actor").ValueKind.Should().Be(JsonValueKind.Null);
    }

    /// <summary>Verifies the note with the published keys and returns its lines by name, in order.</summary>
    private async Task<ILookup<string, string>> Lines(string note, string title)
    {
        var keys = (await app.Anonymous.Get("/.well-known/aegis-evidence-keys")).Json.GetProperty("keys").EnumerateArray();
        var known = keys.Select(k => NoteVerifier.Parse(k.GetProperty("verifierKey").GetString()!));

        SignedNote.TryOpen(note, known, out var text).Should().BeTrue("the note was {0}", note);

        var lines = text!.TrimEnd('\n').Split('\n');
        lines[0].Should().Be(title);
        return lines.Skip(1).Select(l => l.Split(": ", 2)).ToLookup(l => l[0], l => l[1]);
    }
}
