namespace Aegis.Tests.Webhooks;

/// <summary>If mail is configured, the admins of an organization get mail about a failing endpoint.</summary>
public sealed class NoticeTests : IAsyncLifetime
{
    private readonly SmtpMailbox mailbox = new();
    private WebhooksApp app = null!; // set by InitializeAsync

    public async Task InitializeAsync() => app = await WebhooksApp.Start(
        null, ("Smtp:Host", "127.0.0.1"), ("Smtp:Port", $"{mailbox.Port}"), ("Smtp:From", "aegis@exchange.example"),
        ("Smtp:StartTls", "false"));

    public async Task DisposeAsync()
    {
        await app.DisposeAsync();
        await mailbox.DisposeAsync();
    }

    [Fact]
    public async Task The_organizations_admins_get_mail_when_a_receiver_answers_410()
    {
        var (organization, client) = await app.NewOrganization();
        await app.NewOrganization(); // its admin gets no mail
        await using var receiver = await Receiver.Start(410);
        var endpoint = await WebhooksApp.Register(client, $"{receiver.Url}?token=canary", "enabled", "transfer.*");

        await app.Raise(organization);
        await WebhooksApp.Eventually(() => mailbox.Letters.Count == 1);

        var mail = mailbox.Letters.Single();
        mail.Should().Contain("Subject: One of your webhooks was disabled\r\n").And.Contain($"To: {await Admin(organization)}\r\n");
        SmtpMailbox.Body(mail)
            .Should().Contain($"/v1/webhooks/{endpoint.Id} of Webhook test").And.Contain("410").And.Contain("""{"enabled":true}""").And
            .NotContain("canary");
        await WebhooksApp.Eventually(() => app.App.Use<AuthDb, bool>(db => db.MailMessages.AllAsync(_ => false)));
        (await client.Get($"/v1/webhooks/{endpoint.Id}")).ShouldBe(HttpStatusCode.OK)["status"].Should().Be("disabled");
    }

    [Fact]
    public async Task Admins_get_one_mail_for_each_warning_day_and_none_for_their_own_changes()
    {
        var (organization, client) = await app.NewOrganization();
        await using var receiver = await Receiver.Start(500);
        var endpoint = await WebhooksApp.Register(client, receiver.Url, "enabled", "transfer.*");
        var other = await WebhooksApp.Register(client, $"{receiver.Url}/other", "enabled", "transfer.*");
        (await EndpointTests.Patch(client, other.Id, """{"enabled":false}""")).ShouldBe(HttpStatusCode.OK);
        await app.Raise(organization);
        await Tried(1);

        app.Pass(TimeSpan.FromHours(25));
        endpoint = endpoint with { Owner = await app.Of(organization, "webhook:read") };
        await Tried(2);
        await app.Watch();
        await app.Watch();

        var admins = await app.App.Use<AuthDb, int>(db => db.Users.CountAsync(u => u.OrganizationId == organization));
        await WebhooksApp.Eventually(() => mailbox.Letters.Count == admins);
        await Task.Delay(500);
        mailbox.Letters.Should().HaveCount(admins).And.OnlyContain(l => l.Contains("Subject: One of your webhooks is failing"));
        SmtpMailbox.Body(mailbox.Letters.First())
            .Should().Contain(endpoint.Id).And.Contain("failed for 1 day, the last time with 'status'").And
            .Contain("""{"status":"failed"}""");

        Task Tried(int times) =>
            WebhooksApp.Eventually(async () => (await endpoint.Deliveries()) is [var d] && d.GetProperty("attempts").GetInt32() >= times);
    }

    [Fact]
    public async Task An_admin_who_was_disabled_since_gets_no_mail()
    {
        var (organization, client) = await app.NewOrganization();
        await using var receiver = await Receiver.Start(410);
        mailbox.AnswersToRecipients.Enqueue("451 come back later");
        await WebhooksApp.Register(client, receiver.Url, "enabled", "transfer.*");
        await app.Raise(organization);
        await WebhooksApp.Eventually(() => mailbox.AnswersToRecipients.IsEmpty);
        var soon = app.Clock.GetUtcNow() + TimeSpan.FromMinutes(1); // postponed and no longer leased
        await WebhooksApp.Eventually(() =>
            app.App.Use<AuthDb, bool>(db => db.MailMessages.AllAsync(l => l.Attempts == 1 && l.DueAt < soon)));

        await app.App.Use<AuthDb, int>(db => db.Users.Where(u => u.OrganizationId == organization)
                .ExecuteUpdateAsync(u => u.SetProperty(x => x.DisabledAt, app.Clock.GetUtcNow())));
        app.Pass(TimeSpan.FromHours(1));

        await WebhooksApp.Eventually(() => app.App.Use<AuthDb, bool>(db => db.MailMessages.AllAsync(_ => false)));
        mailbox.Letters.Should().BeEmpty();
    }

    private Task<string> Admin(string organization) =>
        app.App.Use<AuthDb, string>(db => db.Users.Where(u => u.OrganizationId == organization).Select(u => u.Email).SingleAsync());
}
