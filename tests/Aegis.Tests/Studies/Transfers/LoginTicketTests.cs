namespace Aegis.Tests.Studies.Transfers;

/// <summary>Tickets of transfers that people opened.</summary>
public sealed class LoginTicketTests
{
    [Fact]
    public async Task The_tickets_of_a_person_end_with_the_login()
    {
        await using var own = await OwnApp.Start();
        var auth = AuthApp.On(own.App);
        var transfer = await own.App.Deliver();
        var person = await auth.Person();
        var caller = auth.WithToken((await auth.DeviceLogin(person))["access_token"]!);
        var opened = (await caller.Post($"{transfer.Path}/open")).ShouldBe(HttpStatusCode.OK);
        var url = new Uri(opened["url"]!).PathAndQuery;
        (await own.App.Anonymous.Get(url)).ShouldBe(HttpStatusCode.OK);
        var session = (await caller.Get("/v1/auth/sessions")).Json.GetProperty("items").EnumerateArray()
            .Single(s => s.GetProperty("current").GetBoolean());

        (await caller.Delete($"/v1/auth/sessions/{session.GetProperty("id").GetString()}")).ShouldBe(HttpStatusCode.NoContent);

        (await own.App.Anonymous.Get(url)).ShouldBeRefused(HttpStatusCode.Forbidden, "ticket_revoked");
        var served = (await own.App.As("consumer")
            .Get("/v1/audit?action=GET%20/v1/content/*")).Json.GetProperty("items")[0].GetProperty("actor");
        served.GetProperty("subject").GetString().Should().Be(person.UserId);
        served.GetProperty("keyId").ValueKind.Should().Be(System.Text.Json.JsonValueKind.Null);
        await Delivered.Eventually(() => own.App.InStudies(db => db.Tickets.AllAsync(t => t.RevokedAt != null)),
            "the event ends the ticket");
    }
}
