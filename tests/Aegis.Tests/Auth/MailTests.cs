using System.Net.Mail;
using Aegis.Auth.Access.Permissions;
using Aegis.Auth.People.Mail;
using Aegis.Kernel;
using Aegis.Tests.Sessions;
using Microsoft.Extensions.Configuration;

namespace Aegis.Tests.Auth;

/// <summary>Claim addresses and invitations are mailed if a mail server is configured.</summary>
public sealed class MailTests
{
    [Fact]
    public async Task An_approval_is_mailed_once_and_the_address_in_the_message_shows_the_key()
    {
        await using var mailbox = new SmtpMailbox();
        await using var own = await With(mailbox);
        var body = Applying.Body(own.Auth.Clock);
        var email = body["contact"]!["email"]!.GetValue<string>().ToLowerInvariant();

        var approved = await own.Auth.Approved(body);

        approved["mailed"].Should().Be("True");
        await Eventually(() => mailbox.Letters.Count == 1);
        var message = mailbox.Letters.Single();
        message.Should().Contain($"To: {email}\r\n").And.Contain("From: Example Exchange <aegis@exchange.example>\r\n").And.Contain(
            "Message-Id: <ltr_");
        message.Split("\r\n").Should().OnlyContain(l => l.Length <= 78);
        mailbox.Lines.Should().Contain("!MAIL FROM:<aegis@exchange.example>").And.Contain($"!RCPT TO:<{email}>");
        var url = SmtpMailbox.Body(message).Split("\r\n").Single(l => l.Contains("/claim/"));
        url.Should().Be(approved["claimUrl"]);
        (await own.Auth.Anonymous.With("Accept", "application/json").Post(Applying.Path(url))).ShouldBe(HttpStatusCode.OK)["key"]
            .Should().StartWith("aegis_");
        await Eventually(async () => await own.Auth.App.Use<AuthDb, bool>(db => db.MailMessages.AllAsync(_ => false)));
        await Eventually(async () => await Happened(own, "claim.mailed") == 1);
        (await own.Auth.App.Use<MailSender, bool>(p => p.DeliverNext(default))).Should().BeFalse();
        mailbox.Letters.Should().ContainSingle();
    }

    [Fact]
    public async Task An_invitation_is_mailed_or_the_response_says_that_it_was_not()
    {
        await using var mailbox = new SmtpMailbox();
        await using var own = await With(mailbox);
        var admin = own.Auth.With(await own.Auth.Key(scopes: [.. ScopeCatalogue.All], role: Roles.Admin));

        var invited =
            (await admin.Post("/v1/users", new { email = "New.Person@example.org", name = "New person" })).ShouldBe(HttpStatusCode.Created);

        invited["mailed"].Should().Be("True");
        await Eventually(() => mailbox.Letters.Count == 1);
        mailbox.Letters.Single().Should().Contain("To: new.person@example.org\r\n").And.Contain("Subject: Your invitation to Aegis\r\n");
        SmtpMailbox.Body(mailbox.Letters.Single())
            .Should().MatchRegex("http://[^ ]+/invitation/[A-Za-z0-9_-]{43}\\b").And.Contain("Sandbox Reading Group");
        await Eventually(async () => await Happened(own, "invitation.mailed") == 1);
        mailbox.AnswersToRecipients.Enqueue("550 5.1.1 nobody here");
        (await admin.Post($"/v1/users/{invited.Id}/invitation")).ShouldBe(HttpStatusCode.OK);
        await Eventually(async () => await Happened(own, "invitation.mail_failed") == 1);
        mailbox.Letters.Should().ContainSingle();
    }

    [Fact]
    public async Task Queued_messages_are_sealed_and_failures_are_logged_without_names()
    {
        await using var mailbox = new SmtpMailbox();
        mailbox.AnswersToRecipients.Enqueue("451 4.7.1 <contact@canary.example> come back later");
        await using var own = await With(mailbox);
        var body = Applying.Body(own.Auth.Clock);
        string[] secrets = [body["contact"]!["email"]!.GetValue<string>().ToLowerInvariant(), "contact@canary.example"];

        var approved = await own.Auth.Approved(body);

        await Eventually(() => own.Auth.App.Logs.Lines.Any(l => l.Contains("The mail server answered 451 to RCPT")));
        var token = approved["claimUrl"]!.Split('/')[^1];
        await own.Auth.App.Use<AuthDb>(async db =>
        {
            var stored = System.Text.Encoding.Latin1.GetString((await db.MailMessages.SingleAsync()).SealedContent);
            foreach (var secret in secrets.Append(token)) stored.Should().NotContain(secret);
        });
        var events = await own.Auth.App.EventBodies();
        foreach (var secret in secrets.Append(token))
        {
            events.Should().NotContain(b => b.Contains(secret));
            own.Auth.App.Logs.Lines.Should().NotContain(l => l.Contains(secret));
        }
    }

    [Fact]
    public async Task A_message_that_the_server_deferred_is_sent_later()
    {
        await using var mailbox = new SmtpMailbox();
        mailbox.AnswersToRecipients.Enqueue("451 come back later");
        await using var own = await With(mailbox);
        await own.Auth.Approved();
        await Eventually(async () => await own.Auth.App.Use<AuthDb, bool>(db => db.MailMessages.AnyAsync(l => l.Attempts == 1)));
        await Eventually(() => own.Auth.App.Logs.Lines.Any(l => l.Contains("answered 451")));
        await Deliver(own);
        mailbox.Letters.Should().BeEmpty("it is not due");

        own.Auth.Clock.Advance(TimeSpan.FromMinutes(3));
        await Deliver(own);

        await Eventually(() => mailbox.Letters.Count == 1);
    }

    [Fact]
    public async Task A_message_deferred_by_a_clock_that_was_ahead_is_sent_when_the_clock_is_right()
    {
        await using var mailbox = new SmtpMailbox();
        mailbox.AnswersToRecipients.Enqueue("451 come back later");
        await using var own = await With(mailbox);
        await own.Auth.Approved();
        await Eventually(() => own.Auth.App.Logs.Lines.Any(l => l.Contains("answered 451")));
        await Eventually(async () => await own.Auth.App.Use<AuthDb, bool>(db => db.MailMessages.AnyAsync(l => l.Attempts == 1)));

        await own.Auth.App.Database.Run($"UPDATE {TestDatabase.Table("auth", "letters")} SET DueAt = DueAt + {TimeSpan.FromDays(2).Ticks}");
        await Deliver(own);

        await Eventually(() => mailbox.Letters.Count == 1);
    }

    [Fact]
    public async Task A_message_to_an_unknown_recipient_is_given_up_and_reported()
    {
        await using var mailbox = new SmtpMailbox();
        mailbox.AnswersToRecipients.Enqueue("550 no such mailbox");
        await using var own = await With(mailbox);

        await own.Auth.Approved();

        await Eventually(async () => await Happened(own, "claim.mail_failed") == 1);
        (await own.Auth.App.Use<AuthDb, int>(db => db.MailMessages.CountAsync())).Should().Be(0);
        mailbox.Letters.Should().BeEmpty();
    }

    [Fact]
    public async Task A_newer_address_replaces_an_unsent_one_and_a_used_one_is_not_sent()
    {
        await using var mailbox = new SmtpMailbox();
        mailbox.AnswersToRecipients.Enqueue("451 later");
        mailbox.AnswersToRecipients.Enqueue("451 later");
        await using var own = await With(mailbox);
        var approved = await own.Auth.Approved();
        await Eventually(() => own.Auth.App.Logs.Lines.Any(l => l.Contains("(attempt 1). The mail server answered 451")));
        var renewed = (await own.Auth.App.As("admin").Post($"/v1/applications/{approved.Id}/claim")).ShouldBe(HttpStatusCode.OK);
        await Eventually(() => mailbox.AnswersToRecipients.IsEmpty);
        await own.Auth.App.Use<AuthDb>(async db => (await db.MailMessages.CountAsync()).Should().Be(1));

        (await own.Auth.Anonymous.With("Accept", "application/json").Post(Applying.Path(renewed["claimUrl"]!))).ShouldBe(HttpStatusCode.OK);
        own.Auth.Clock.Advance(TimeSpan.FromHours(1));
        await Eventually(async () =>
        {
            await Deliver(own);
            return await own.Auth.App.Use<AuthDb, bool>(db => db.MailMessages.AllAsync(_ => false));
        });

        mailbox.Letters.Should().BeEmpty();
    }

    [Fact]
    public async Task With_STARTTLS_only_the_greeting_is_sent_in_clear()
    {
        using var certificate = SmtpMailbox.SelfSigned("localhost");
        await using var mailbox = new SmtpMailbox { Certificate = certificate };
        var server = new SmtpServer(
            "localhost", mailbox.Port, new MailAddress("aegis@exchange.example"), new SmtpLogin("user", "password"), StartTls: true);
        using var client = SmtpMailbox.Client(certificate);

        await SmtpDelivery.Send(client, server, Message(), default);

        mailbox.Lines.Where(l => l.StartsWith('!')).Should().Equal("!EHLO exchange.example", "!STARTTLS");
        mailbox.Lines.Should().Contain($"AUTH PLAIN {Convert.ToBase64String("\0user\0password"u8)}");
        mailbox.Letters.Should().ContainSingle();
    }

    [Fact]
    public async Task Text_received_before_TLS_is_not_read_as_a_reply_after_it()
    {
        using var certificate = SmtpMailbox.SelfSigned("localhost");
        await using var mailbox = new SmtpMailbox { Certificate = certificate, Injected = "\r\n250 injected" };
        var server = new SmtpServer(
            "localhost", mailbox.Port, new MailAddress("aegis@exchange.example"), new SmtpLogin("user", "password"), StartTls: true);
        using var client = SmtpMailbox.Client(certificate);

        await SmtpDelivery.Send(client, server, Message(), default);

        mailbox.Lines.Where(l => l.StartsWith('!')).Should().Equal("!EHLO exchange.example", "!STARTTLS");
        mailbox.Lines.Should().Contain($"AUTH PLAIN {Convert.ToBase64String("\0user\0password"u8)}", "extensions offered after TLS count");
        mailbox.Letters.Should().ContainSingle();
    }

    [Theory]
    [InlineData("not trusted")]
    [InlineData("another name")]
    [InlineData("not offered")]
    public async Task Nothing_is_sent_to_a_server_without_a_valid_certificate(string wrong)
    {
        using var certificate = SmtpMailbox.SelfSigned(wrong == "another name" ? "other.example" : "localhost");
        await using var mailbox = new SmtpMailbox
        {
            Certificate = wrong == "not offered" ? null : certificate,
        };
        var server = new SmtpServer(
            "localhost", mailbox.Port, new MailAddress("aegis@exchange.example"), new SmtpLogin("user", "password"), StartTls: true);
        using var client = SmtpMailbox.Client(wrong == "not trusted" ? null : certificate);

        var send = () => SmtpDelivery.Send(client, server, Message(), default);

        await send.Should().ThrowAsync<Exception>();
        mailbox.Lines.Should().OnlyContain(l => l.StartsWith("!EHLO") || l == "!STARTTLS");
    }

    [Fact]
    public async Task Without_a_mail_server_no_message_is_queued()
    {
        await using var own = await OwnAuth.Start();

        (await own.Auth.Approved())["mailed"].Should().Be("False");

        (await own.Auth.App.Use<AuthDb, int>(db => db.MailMessages.CountAsync())).Should().Be(0);
    }

    [Theory]
    [InlineData("Smtp:From", "nobody", "Smtp:From")]
    [InlineData("Smtp:From", null, "Smtp:From")]
    [InlineData("Smtp:Host", null, "Smtp:Host")]
    [InlineData("Smtp:Host", "no host", "Smtp:Host")]
    [InlineData("Smtp:Port", "0", "Smtp:Port")]
    [InlineData("Smtp:Password", "secret", "Smtp:User and Smtp:Password")]
    [InlineData("Smtp:StartTls", "false", "Smtp:StartTls")]
    public void Contradicting_mail_options_stop_the_start(string name, string? value, string named)
    {
        var settings = new Dictionary<string, string?> { ["Smtp:Host"] = "mail.example", ["Smtp:From"] = "aegis@exchange.example" };
        if (name == "Smtp:StartTls") (settings["Smtp:User"], settings["Smtp:Password"]) = ("user", "secret");
        settings[name] = value;

        var read = () => MailOptions.From(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());

        read.Should().Throw<StartRefusedException>().Which.Message.Should().Contain(named).And.NotContain("secret");
    }

    private static Task<OwnAuth> With(SmtpMailbox mailbox) => OwnAuth.Start(
        ("Smtp:Host", "127.0.0.1"), ("Smtp:Port", $"{mailbox.Port}"), ("Smtp:From", "Example Exchange <aegis@exchange.example>"),
        ("Smtp:StartTls", "false"));

    private static Task Deliver(OwnAuth own) => own.Auth.App.Use<MailSender>(p => p.DeliverNext(default));

    private static async Task<int> Happened(OwnAuth own, string name) => (await own.Auth.App.NamesOf("", name)).Count(n => n == name);

    private static Task Eventually(Func<bool> isTrue) => Eventually(() => Task.FromResult(isTrue()));

    private static async Task Eventually(Func<Task<bool>> isTrue)
    {
        for (var i = 0; i < 200 && !await isTrue(); i++) await Task.Delay(100);
        (await isTrue()).Should().BeTrue();
    }

    private static MimeKit.MimeMessage Message() => new(
        [new MimeKit.MailboxAddress("", "aegis@exchange.example")], [new MimeKit.MailboxAddress("", "pat@reading.example")], "x",
        new MimeKit.TextPart("plain") { Text = "x" });
}
