using Aegis.Studies.Requests;
using Aegis.Studies.Statements;
using Aegis.Studies.Transfers;

namespace Aegis.Tests.Studies.Metering;

/// <summary>Somebody else saves first: what another host may do in the same moment.</summary>
public sealed class TakenNumberTests : IAsyncLifetime
{
    private AegisApp app = null!;
    private Meanwhile meanwhile = null!;

    public async Task InitializeAsync() => (app, meanwhile) = await Meanwhile.Start();

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task What_a_stream_served_is_counted_when_another_dispute_takes_the_number_of_its_own()
    {
        var transfer = await app.Deliver();
        for (var i = 0; i < 3; i++) await transfer.View(); // three times the study is allowed
        meanwhile.BeforeAdding<Dispute>(async () =>
            (await app.As("provider").Post($"{transfer.Path}/dispute")).ShouldBe(HttpStatusCode.OK));
        await transfer.Download(await transfer.Open());
        await transfer.Settled();

        meanwhile.IsDone.Should().BeTrue();
        (await transfer.Egress()).Should().Be(4 * transfer.Study.SizeBytes);
        var disputes = (await transfer.Read()).Json.GetProperty("disputes").EnumerateArray()
            .Select(d => d.GetProperty("reason").GetString());
        disputes.Should().BeEquivalentTo("raised_by_party", "excess_egress");
    }

    [Fact]
    public async Task The_same_receipt_given_twice_at_once_is_taken_once()
    {
        var transfer = await app.Deliver();
        await transfer.View();
        meanwhile.BeforeAdding<SignedStatement>(async () => (await transfer.Acknowledge()).ShouldBe(HttpStatusCode.OK));

        (await transfer.Acknowledge()).ShouldBe(HttpStatusCode.OK)["disputed"].Should().Be("False");
        meanwhile.IsDone.Should().BeTrue();
        (await app.CountEvents("transfer.acknowledged", transfer.Id)).Should().Be(1);
    }

    [Fact]
    public async Task Of_two_receipts_given_at_once_the_later_is_told_that_there_is_another()
    {
        var transfer = await app.Deliver();
        await transfer.View();
        meanwhile.BeforeAdding<SignedStatement>(async () => (await transfer.Acknowledge()).ShouldBe(HttpStatusCode.OK));

        (await transfer.Acknowledge(instances: 1)).ShouldBeRefused(HttpStatusCode.Conflict, "already_acknowledged");
        meanwhile.IsDone.Should().BeTrue();
        (await transfer.Read())["meter.acknowledged.instances"].Should().Be("4");
    }

    [Fact]
    public async Task A_dispute_raised_when_the_other_party_raises_one_is_told_so()
    {
        var transfer = await app.Deliver();
        var other = app.As("provider");
        meanwhile.BeforeAdding<Dispute>(async () => (await other.Post($"{transfer.Path}/dispute")).ShouldBe(HttpStatusCode.OK));

        (await app.As("consumer").Post($"{transfer.Path}/dispute")).ShouldBeRefused(HttpStatusCode.Conflict, "already_disputed");
        meanwhile.IsDone.Should().BeTrue();
    }

    [Fact]
    public async Task An_upload_that_begins_when_the_request_is_accepted_goes_on()
    {
        var id = await app.AskForJaneDoe();
        meanwhile.BeforeChanging<StudyRequest>(
            r => r.Status is RequestStatus.Fulfilling,
            async () => (await app.As("provider").Post($"/v1/requests/{id}/accept")).ShouldBe(HttpStatusCode.OK));

        (await app.Fulfil(id, Parcel.Multipart(Parcel.Jane.Files()))).ShouldBe(HttpStatusCode.Created);
        meanwhile.IsDone.Should().BeTrue();
    }

    [Fact]
    public async Task An_upload_that_begins_when_the_request_is_cancelled_is_told_so()
    {
        var id = await app.AskForJaneDoe();
        meanwhile.BeforeChanging<StudyRequest>(
            r => r.Status is RequestStatus.Fulfilling,
            async () => (await app.As("consumer").Post($"/v1/requests/{id}/cancel")).ShouldBe(HttpStatusCode.OK));

        (await app.Fulfil(id, Parcel.Multipart(Parcel.Jane.Files()))).ShouldBeRefused(HttpStatusCode.Conflict, "request_cancelled");
    }
}
