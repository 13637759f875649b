using Aegis.Auth.Access.Sessions;
using Aegis.Auth.People.Logins;
using Aegis.Contracts.Evidence;
using Aegis.Kernel.Identifiers;
using Aegis.Kernel.Sealing;
using Aegis.Studies.Content;
using Aegis.Kernel.Sealing.Rewrapping;
using Aegis.Tests.Sessions;
using Aegis.Webhooks.Sending;

namespace Aegis.Tests.Mechanisms;

/// <summary>Rotation of the key ring: a key is added, all values are rewrapped, and the old key is destroyed.</summary>
public sealed class RingRotationTests
{
    [Fact]
    public async Task All_sealed_values_are_rewrapped_and_open_after_the_old_key_is_destroyed()
    {
        await using var own = await OwnAuth.Start();
        var (app, old) = (own.Auth.App, Ring(own.Auth.App).Newest.Id);
        var things = await Things.Make(own.Auth);
        var vault = await VaultThings.Make(own.Auth);
        var note = await Note(app);
        var (webhook, secrets) = await Webhook(app);
        await own.Auth.DeviceLogin(await own.Auth.Person()); // seals the seed of its refresh tokens
        using var browser = new Browser(app);
        var form = await browser.Get("/sign-in");
        var before = await Values(app).Count(CancellationToken.None);
        before.Where(c => c.Total == 0).Should().BeEmpty("this test must make a value in every sealed column");
        before.Sum(c => c.Under[old]).Should().Be(before.Sum(c => c.Total));

        var added = Ring(app).Add().Id;
        var rewrapped = await Values(app).Rewrap(CancellationToken.None);

        rewrapped.Should().Be(before.Sum(c => c.Total));
        (await Values(app).Rewrap(CancellationToken.None)).Should().Be(0);
        (await Values(app).Count(CancellationToken.None)).Should().OnlyContain(c => c.Under[added] == c.Total);
        (await StoredBytes(app)).Should().NotContain(old, "every sealed column must be marked for rewrapping").And.Contain(added);

        app.Clock.Advance(KeyRetirement.MinKeyAge);
        (await Retire(app, old)).Should().BeNull();
        Directory.GetFiles(Keys(app)).Select(Path.GetFileName).Should().BeEquivalentTo(["ring.id", $"{added}.key"]);
        await using var next = new Guest(await app.StartAnotherHost());
        await things.ShouldOpenOn(next.App);
        await vault.ShouldOpenOn(next.App);
        (await Note(next.App)).Should().Be(note, "the evidence key is the same");
        (await Secrets(next.App, webhook)).Should().Equal(secrets);
        using var later = new Browser(next.App, browser.Cookies);
        var (email, password) = app.Person("cons_456");
        // the keys for forms and cookies are the same
        (await later.Send(form, "/sign-in", ("Email", email), ("Password", password))).ShouldLeadTo("/settings/api-keys");
    }

    [Fact]
    public async Task A_key_that_is_needed_too_new_unknown_or_the_only_one_is_not_retired()
    {
        var app = await AegisApp.Start();
        var old = Ring(app).Newest.Id;
        var request = await app.AskForJaneDoe();
        (await Retire(app, old)).Should().Contain("is the key that seals");
        (await Retire(app, "kek_none")).Should().Contain("no key 'kek_none'");

        var added = Ring(app).Add().Id;

        app.Clock.Advance(KeyRetirement.MinKeyAge - TimeSpan.FromSeconds(1));
        (await Retire(app, old)).Should().Contain($"'{added}' is new");
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        (await Retire(app, old)).Should().Contain("are still sealed under");
        (await app.As("consumer").Get($"/v1/requests/{request}")).ShouldBe(HttpStatusCode.OK);
        await app.Run<RewrapJob>();
        (await Retire(app, old)).Should().BeNull();
        (await app.As("consumer").Get($"/v1/requests/{request}")).ShouldBe(HttpStatusCode.OK);
        await app.DisposeAsync();
    }

    [Fact]
    public async Task Another_host_opens_values_of_a_new_key_at_once_and_seals_with_it_soon()
    {
        var app = await AegisApp.Start();
        await using var other = new Guest(await app.StartAnotherHost());
        var subject = new SealedFor("things", "thing_1");
        other.App.Services.GetRequiredService<SealedBox>().SealText("read the ring", subject);

        var added = Ring(app).Add().Id;
        var message = app.Services.GetRequiredService<SealedBox>().SealText("new", subject);

        SealedBox.KeyIdOf(message).Should().Be(added);
        other.App.Services.GetRequiredService<SealedBox>().OpenText(message, subject).Should().Be("new");
        Ring(app).Add();
        var newest = Ring(app).Newest.Id;
        var start = TimeProvider.System.GetTimestamp();
        while (Ring(other.App).Newest.Id != newest)
        {
            TimeProvider.System.GetElapsedTime(start).Should().BeLessThan(KeyRing.MaxAge + TimeSpan.FromSeconds(5));
            await Task.Delay(100);
        }

        await app.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_ring_that_lacks_a_key_stops_the_start_with_its_name(bool isRewrapped)
    {
        var app = await AegisApp.Start();
        var old = Ring(app).Newest.Id;
        await app.AskForJaneDoe();
        var added = Ring(app).Add().Id;
        if (isRewrapped) await app.Run<RewrapJob>();
        await app.AskForJaneDoe();

        foreach (var lacking in isRewrapped ? [added] : new[] { old, added })
        {
            var file = Path.Combine(Keys(app), $"{lacking}.key");
            File.Move(file, file + ".away");
            var start = async () => await app.StartAnotherHost();
            (await start.Should().ThrowAsync<InvalidOperationException>()).WithMessage($"*lacks the key '{lacking}'*");
            File.Move(file + ".away", file);
        }

        await app.DisposeAsync();
    }

    [Fact]
    public async Task A_missing_key_of_a_value_in_the_middle_of_a_table_stops_the_start()
    {
        var app = await AegisApp.Start();
        foreach (var name in new[] { "first", "middle", "last" }) await app.Register(name);
        var added = Ring(app).Add().Id;
        (await app.As("admin").Put("/v1/credentials/middle/value", new { value = "under the new key" })).ShouldBe(HttpStatusCode.OK);

        File.Move(Path.Combine(Keys(app), $"{added}.key"), Path.Combine(app.DataDirectory, "away"));
        var start = async () => await app.StartAnotherHost();

        (await start.Should().ThrowAsync<InvalidOperationException>()).WithMessage($"*lacks the key '{added}'*credential_versions*");
        await app.DisposeAsync();
    }

    [Fact]
    public async Task A_value_that_another_writer_changed_is_not_replaced()
    {
        var app = await AegisApp.Start();
        await app.Sight(1);
        await app.Use<AuthDb>(db => db.InTransaction(async () =>
        {
            var column = SealedColumn.Of(db).Single(c => c.Name.EndsWith("sightings.SealedFacts", StringComparison.Ordinal));
            var row = await db.Sightings.AsNoTracking().SingleAsync();
            await using var replace = db.Database.GetDbConnection().CreateCommand();
            replace.Transaction =
                Microsoft.EntityFrameworkCore.Storage.DbContextTransactionExtensions.GetDbTransaction(db.Database.CurrentTransaction!);
            replace.CommandText = column.Replace();
            foreach (var (name, value) in new (string, object)[] { ("@fresh", new byte[] { 1 }), ("@old", new byte[] { 2 }),
                ("@key0", row.Id) })
            {
                var parameter = replace.CreateParameter();
                (parameter.ParameterName, parameter.Value) = (name, value);
                replace.Parameters.Add(parameter);
            }

            (await replace.ExecuteNonQueryAsync()).Should().Be(0);
            replace.Parameters["@old"].Value = row.SealedFacts;
            return await replace.ExecuteNonQueryAsync();
        }, CancellationToken.None));
        await app.DisposeAsync();
    }

    [Fact]
    public async Task A_damaged_value_keeps_its_key_and_does_not_delay_others()
    {
        var app = await AegisApp.Start();
        var old = Ring(app).Newest.Id;
        await app.Sight(5);
        await app.Use<AuthDb>(async db =>
        {
            var row = await db.Sightings.OrderBy(s => s.Id).FirstAsync();
            var damaged = row.SealedFacts.ToArray();
            damaged[40] ^= 1; // in the sealed data key
            row.Renew(damaged, row.LastSeenAt);
            await db.SaveChangesAsync();
        });

        Ring(app).Add();
        await app.Run<RewrapJob>();

        var sightings = (await Values(app)
            .Count(CancellationToken.None)).Single(c => c.Column.Contains("sightings", StringComparison.Ordinal));
        sightings.Under[old].Should().Be(1);
        sightings.Total.Should().Be(5);
        app.Logs.Lines.Should().Contain(l => l.Contains("could not be rewrapped", StringComparison.Ordinal));
        await app.DisposeAsync();
    }

    [Fact]
    public async Task Values_derived_from_the_first_key_of_an_older_installation_stay()
    {
        var app = await AegisApp.Start();
        var first = Ring(app).Keys[0].Bytes;
        await app.Database.Run($"UPDATE {TestDatabase.Table("kernel", "installation")} SET SealedRoot = NULL");
        var expected = HKDF.DeriveKey(HashAlgorithmName.SHA256, first, 32, info: Encoding.UTF8.GetBytes("aegis api-key pepper"));

        await using var migrated = new Guest(await app.StartAnotherHost());
        Ring(app).Add();
        await app.Run<RewrapJob>();
        await using var later = new Guest(await app.StartAnotherHost());

        migrated.App.Services.GetRequiredService<RootSecret>().Derive("api-key pepper").Should().Equal(expected);
        later.App.Services.GetRequiredService<RootSecret>().Derive("api-key pepper").Should().Equal(expected);
        app.Services.GetRequiredService<RootSecret>().Derive("api-key pepper")
            .Should().NotEqual(expected, "a new installation generates its root secret");
        await app.DisposeAsync();
    }

    private static async Task<string> Note(AegisApp app) =>
        await app.Services.GetRequiredService<IEvidenceSigner>().Sign("statement\n", CancellationToken.None);

    /// <summary>Makes an endpoint with two secrets that sign.</summary>
    private static async Task<(string Id, IReadOnlyList<string> Secrets)> Webhook(AegisApp app)
    {
        var made = (await app.As("admin")
            .Post("/v1/webhooks", new { url = "http://127.0.0.1:9/", events = new[] { "request.*" } })).ShouldBe(HttpStatusCode.Created);
        (await app.As("admin").Post($"/v1/webhooks/{made["id"]}/rotate-secret", new { })).ShouldBe(HttpStatusCode.OK);
        return (made["id"]!, await Secrets(app, made["id"]!));
    }

    private static async Task<IReadOnlyList<string>> Secrets(AegisApp app, string webhook)
    {
        var target = await app.Services.GetRequiredService<DueQueue>().Read(webhook, CancellationToken.None);
        return [.. target!.SecretsAt(app.Clock.GetUtcNow().AddHours(-1)).Select(Convert.ToHexString)];
    }

    private static KeyRing Ring(AegisApp app) => app.Services.GetRequiredService<KeyRing>();

    private static SealedValues Values(AegisApp app) => app.Services.GetRequiredService<SealedValues>();

    private static Task<string?> Retire(AegisApp app, string keyId) =>
        app.Services.GetRequiredService<KeyRetirement>().Retire(keyId, CancellationToken.None);

    private static string Keys(AegisApp app) => Path.Combine(app.DataDirectory, "keys");

    /// <summary>
    /// Returns every value of every table, with bytes as characters. It does not read the file, because its log keeps replaced values for a
    /// while.
    /// </summary>
    private static async Task<string> StoredBytes(AegisApp app)
    {
        if (TestDatabase.IsSqlServer) return await app.Database.Bytes();
        var text = new StringBuilder();
        foreach (var table in await app.Database.Column("SELECT name FROM sqlite_master WHERE type = 'table'"))
        {
            foreach (var column in await app.Database.Column($"SELECT name FROM pragma_table_info('{table}')"))
                text.AppendJoin('\n', await app.Database.Column($"SELECT \"{column}\" FROM \"{table}\" WHERE \"{column}\" IS NOT NULL"));
        }

        return text.ToString();
    }

    /// <summary>One of each sealed object, made through the API.</summary>
    private sealed record Things(
        AuthApp Auth, TestKey Key, Authenticator Authenticator, string Request, string Transfer, string Application)
    {
        public static async Task<Things> Make(AuthApp auth)
        {
            var app = auth.App;
            var key = await auth.Key();
            var authenticator = await auth.Enrol(key);
            await auth.WithToken(await auth.Token(key)).Session();
            // pending in addition to the active one
            (await auth.With(key).Post("/v1/auth/totp", new { totp = authenticator.Code(1) })).ShouldBe(HttpStatusCode.OK);
            var request = await app.AskForJaneDoe();
            (await app.As("provider")
                .Post($"/v1/requests/{request}/decline", new { reason = "other", note = "Not here." })).ShouldBe(HttpStatusCode.OK);
            return new Things(auth, key, authenticator, request, (await app.Deliver()).Id, await auth.InReview());
        }

        public async Task ShouldOpenOn(AegisApp host)
        {
            (await host.As("consumer").Get($"/v1/requests/{Request}"))["decline.note"].Should().Be("Not here.");
            (await host.As("consumer").Post($"/v1/transfers/{Transfer}/open")).ShouldBe(HttpStatusCode.OK);
            (await host.As("admin").Get($"/v1/applications/{Application}")).ShouldBe(HttpStatusCode.OK);
            Auth.Clock.Advance(TimeSpan.FromSeconds(60));
            (await new ApiClient(host.NewHttp(), Key.Text).Post("/v1/auth/totp", new { totp = Authenticator.Now() })).ShouldBe(
                HttpStatusCode.OK);
            var token = (await host.Anonymous.With("X-Api-Key", Key.Text)
                .Post("/v1/auth/token")).ShouldBe(HttpStatusCode.OK)["access_token"]!;
            (await new ApiClient(host.NewHttp(), token).Get("/v1/auth/sessions")).ShouldBe(HttpStatusCode.OK);
        }
    }

    private sealed record Guest(AegisApp App) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await App.DisposeAsync();
    }
}

/// <summary>Makes thousands of sealed rows without the API.</summary>
internal static class ManySightings
{
    public static async Task Sight(this AegisApp app, int count)
    {
        const int atOnce = 2000;
        var now = app.Clock.GetUtcNow();
        var box = app.Services.GetRequiredService<SealedBox>();
        for (var done = 0; done < count; done += atOnce)
        {
            await app.Use<AuthDb>(async db =>
            {
                for (var i = 0; i < Math.Min(atOnce, count - done); i++)
                {
                    var id = Ids.New("sig", now);
                    db.Sightings.Add(Sighting.First(id, "usr_many", null, box.SealText("{}", Sighting.Subject(id)), now));
                }

                await db.SaveChangesAsync();
            });
        }
    }
}
