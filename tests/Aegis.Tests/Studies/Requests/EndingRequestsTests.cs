using Aegis.Studies.Persistence;
using Aegis.Studies.Requests;

namespace Aegis.Tests.Studies.Requests;

public sealed class EndingRequestsTests(AegisApp app) : IClassFixture<AegisApp>
{
    [Fact]
    public async Task An_unanswered_request_expires_after_14_days_before_any_job_has_run()
    {
        var id = await app.AskForJaneDoe();
        app.Clock.Advance(TimeSpan.FromDays(14));

        (await app.StatusOf(id)).Should().Be("expired");
        (await app.As("provider").Get("/v1/requests?status=pending")).Text.Should().NotContain(id);
        (await app.As("provider").Get("/v1/requests?status=expired")).Text.Should().Contain(id);
        (await app.As("provider").Post($"/v1/requests/{id}/accept")).ShouldBeRefused(HttpStatusCode.Conflict, "request_expired");
    }

    [Fact]
    public async Task The_job_stores_an_expiry_once()
    {
        var id = await app.AskForJaneDoe();
        app.Clock.Advance(TimeSpan.FromDays(14));

        await app.Run<ExpireRequestsJob>();
        await app.Run<ExpireRequestsJob>();

        (await app.StatusOf(id)).Should().Be("expired");
        (await EventsOf(id)).Should().Equal("request.created", "request.expired");
    }

    [Fact]
    public async Task Patient_reason_and_note_are_shredded_30_days_after_the_end()
    {
        var id = await app.AskForJaneDoe();
        await app.As("provider").Post($"/v1/requests/{id}/decline", new { reason = "other", note = "Call us." });
        app.Clock.Advance(TimeSpan.FromDays(30));

        await app.Run<ShredDetailsJob>();

        var seen = (await app.As("consumer").Get($"/v1/requests/{id}")).ShouldBe(HttpStatusCode.OK);
        seen.Json.GetProperty("patient").ValueKind.Should().Be(JsonValueKind.Null);
        seen["reason"].Should().BeNull();
        seen["decline.reason"].Should().Be("other");
        seen["decline.note"].Should().BeNull();
    }

    [Fact]
    public async Task Shredding_is_in_the_audit_log_of_both_parties()
    {
        var id = await app.AskForJaneDoe();
        await app.As("consumer").Post($"/v1/requests/{id}/cancel");
        app.Clock.Advance(TimeSpan.FromDays(30));

        await app.Run<ShredDetailsJob>();
        await app.Run<ShredDetailsJob>();

        (await EventsOf(id)).Should().Equal("request.created", "request.cancelled", "request.details_shredded");
        foreach (var role in (string[])["consumer", "provider"])
        {
            var entries = (await app.As(role).Get($"/v1/audit?object={id}&action=request.details_shredded")).ShouldBe(HttpStatusCode.OK);
            entries.Json.GetProperty("items").GetArrayLength().Should().Be(1);
        }
    }

    [Fact]
    public async Task Details_of_requests_that_ended_less_than_30_days_ago_are_kept()
    {
        var id = await app.AskForJaneDoe();
        await app.As("consumer").Post($"/v1/requests/{id}/cancel");
        app.Clock.Advance(TimeSpan.FromDays(29));

        await app.Run<ShredDetailsJob>();

        (await app.As("consumer").Get($"/v1/requests/{id}"))["patient.lastName"].Should().Be("Doe");
    }

    [Fact]
    public async Task Details_of_a_fulfilled_request_are_kept_for_30_days_after_its_transfer()
    {
        var id = await app.AskForJaneDoe();
        var transfer = (await app.Fulfil(id, Parcel.Zip(Parcel.Jane.Files())))["transferId"];
        app.Clock.Advance(TimeSpan.FromDays(1));
        await app.As("consumer").Post($"/v1/transfers/{transfer}/destroy");
        await Destroyed(transfer!);

        app.Clock.Advance(TimeSpan.FromDays(29));
        await app.Run<ShredDetailsJob>();
        (await app.As("consumer").Get($"/v1/requests/{id}"))["patient.lastName"].Should().Be("Doe");
        app.Clock.Advance(TimeSpan.FromDays(2));
        await app.Run<ShredDetailsJob>();

        (await app.As("consumer").Get($"/v1/requests/{id}")).Json.GetProperty("patient").ValueKind.Should().Be(JsonValueKind.Null);
    }

    /// <summary>Waits until the relay has delivered the event to the requests.</summary>
    private async Task Destroyed(string transfer)
    {
        for (var i = 0; i < 200; i++, await Task.Delay(50))
        {
            await using var scope = app.Services.CreateAsyncScope();
            if (await scope.ServiceProvider.GetRequiredService<StudiesDb>().Requests.AnyAsync(r => r.Result!.TransferId == transfer
                && r.ShredAt != null)) return;
        }
    }

    private Task<List<string>> EventsOf(string id) => app.NamesOf(id);
}
