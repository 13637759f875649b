using Aegis.Studies.Requests;
using Aegis.Studies.Statements;
using Aegis.Studies.Transfers;

namespace Aegis.Tests.Studies.Metering;

/// <summary>Another host saves a conflicting change first, at the same moment.</summary>
public sealed class SimultaneousChangeTests : IAsyncLifetime
{
    private AegisApp app = null!;
    private Meanwhile conflict = null!;

    public async Task InitializeAsync() => (app, conflict) = await Meanwhile.Start();

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task A_stream_is_counted_when_another_dispute_is_saved_with_the_same_number()
    {
        var transfer = await app.Deliver();
        for (var i = 0; i < 3; i++) await transfer.View(); // three times the size of the study is allowed
        conflict.BeforeAdding<Dispute>(async () =>
            (await app.As("provider").Post($"{transfer.Path}/dispute")).ShouldBe(HttpStatusCode.OK));
        await transfer.Download(await transfer.Open());
        await transfer.Settled();

        conflict.IsDone.Should().BeTrue();
        (await transfer.Egress()).Should().Be(4 * transfer.Study.SizeBytes);
        var disputes = (await transfer.Read()).Json.GetProperty("disputes").EnumerateArray()
            .Select(d => d.GetProperty("reason").GetString());
        disputes.Should().BeEquivalentTo("raised_by_party", "excess_egress");
    }

    [Fact]
    public async Task The_same_receipt_given_twice_at_once_is_stored_once()
    {
        var transfer = await app.Deliver();
        await transfer.View();
        conflict.BeforeAdding<SignedStatement>(async () => (await transfer.Acknowledge()).ShouldBe(HttpStatusCode.OK));

        (await transfer.Acknowledge()).ShouldBe(HttpStatusCode.OK)["disputed"].Should().Be("False");
        conflict.IsDone.Should().BeTrue();
        (await app.CountEvents("transfer.acknowledged", transfer.Id)).Should().Be(1);
    }

    [Fact]
    public async Task Of_two_simultaneous_receipts_the_later_is_refused()
    {
        var transfer = await app.Deliver();
        await transfer.View();
        conflict.BeforeAdding<SignedStatement>(async () => (await transfer.Acknowledge()).ShouldBe(HttpStatusCode.OK));

        (await transfer.Acknowledge(instances: 1)).ShouldBeRefused(HttpStatusCode.Conflict, "already_acknowledged");
        conflict.IsDone.Should().BeTrue();
        (await transfer.Read())["meter.acknowledged.instances"].Should().Be("4");
    }

    [Fact]
    public async Task Of_two_simultaneous_disputes_the_later_is_refused()
    {
        var transfer = await app.Deliver();
        var other = app.As("provider");
        conflict.BeforeAdding<Dispute>(async () => (await other.Post($"{transfer.Path}/dispute")).ShouldBe(HttpStatusCode.OK));

        (await app.As("consumer").Post($"{transfer.Path}/dispute")).ShouldBeRefused(HttpStatusCode.Conflict, "already_disputed");
        conflict.IsDone.Should().BeTrue();
    }

    [Fact]
    public async Task An_upload_continues_when_the_request_is_accepted_at_the_same_time()
    {
        var id = await app.AskForJaneDoe();
        conflict.BeforeChanging<StudyRequest>(
            r => r.Status is RequestStatus.Fulfilling,
            async () => (await app.As("provider").Post($"/v1/requests/{id}/accept")).ShouldBe(HttpStatusCode.OK));

        (await app.Fulfil(id, Parcel.Multipart(Parcel.Jane.Files()))).ShouldBe(HttpStatusCode.Created);
        conflict.IsDone.Should().BeTrue();
    }

    [Fact]
    public async Task An_upload_is_refused_when_the_request_is_cancelled_at_the_same_time()
    {
        var id = await app.AskForJaneDoe();
        conflict.BeforeChanging<StudyRequest>(
            r => r.Status is RequestStatus.Fulfilling,
            async () => (await app.As("consumer").Post($"/v1/requests/{id}/cancel")).ShouldBe(HttpStatusCode.OK));

        (await app.Fulfil(id, Parcel.Multipart(Parcel.Jane.Files()))).ShouldBeRefused(HttpStatusCode.Conflict, "request_cancelled");
    }
}
