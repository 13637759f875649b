using Aegis.Audit;
using Aegis.Audit.Evidence;
using Aegis.Audit.Persistence;
using Aegis.Contracts.Evidence;
using Aegis.Kernel.Sealing;
using Aegis.Studies.Content;
using Aegis.Audit.Notes;

namespace Aegis.Tests.Audit;

/// <summary>The keys that sign evidence: created at first use, sealed, rotated, and published forever.</summary>
public sealed class EvidenceKeyTests : IAsyncLifetime
{
    private const string Published = "/.well-known/aegis-evidence-keys";
    private const string Text = "test statement\n";

    private AegisApp app = null!;

    public async Task InitializeAsync() => app = await AegisApp.Start();

    public Task DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task Anybody_can_fetch_the_keys_in_the_formats_that_tools_need()
    {
        var answer = (await app.Anonymous.Get(Published)).ShouldBe(HttpStatusCode.OK);

        answer.Headers.CacheControl!.MaxAge.Should().Be(TimeSpan.FromMinutes(5));
        var key = answer.Json.GetProperty("keys").EnumerateArray().Should().ContainSingle().Subject;
        var verifier = NoteVerifier.Parse(key.GetProperty("verifierKey").GetString()!);
        verifier.Name.Should().Be($"localhost:{app.BaseAddress.Port}/aegis-audit").And.Be(key.GetProperty("name").GetString());
        key.GetProperty("publicKey").GetString().Should().Be(Convert.ToBase64String(verifier.PublicKey.Span));
        var pem = PemEncoding.Find(key.GetProperty("pem").GetString());
        key.GetProperty("pem").GetString()![pem.Label].Should().Be("PUBLIC KEY");
        key.GetProperty("pem").GetString()![pem.Base64Data].Should().EndWith(Convert.ToBase64String(verifier.PublicKey.Span));
        key.GetProperty("retiredAt").ValueKind.Should().Be(JsonValueKind.Null);
        (await Open(await Sign(app))).Should().Be(Text);

        var text = await app.Anonymous.With("Accept", "text/plain").Get(Published);
        text.Text.Should().Be($"{verifier}\n");
        text.Headers.Vary.Should().Contain("Accept", "caches must keep the two formats apart");
    }

    [Fact]
    public async Task Fetching_the_keys_is_not_recorded_in_the_trail()
    {
        await app.Anonymous.Get(Published);
        await app.Anonymous.Get(Published);

        var entries = (await app.As("admin").Get("/v1/audit?limit=200")).Json.GetProperty("items").EnumerateArray()
            .Select(e => e.GetProperty("action").GetString());

        entries.Should().NotContain(a => a!.Contains("well-known", StringComparison.Ordinal));
        entries.Should().Contain("evidence_key.created");
    }

    [Fact]
    public async Task Hosts_that_need_the_first_key_at_the_same_time_create_only_one()
    {
        await using var other = new Guest(await app.StartAnotherHost());

        var notes = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => Sign(i % 2 == 0 ? app : other.App))));

        notes.Distinct().Should().ContainSingle("the same key signs the same text with the same signature");
        (await Keys()).Should().ContainSingle();
    }

    [Fact]
    public async Task The_seed_is_sealed_in_the_database()
    {
        await Sign(app);
        var row = await Read(db => db.EvidenceKeys.SingleAsync());

        var seed = app.Services.GetRequiredService<SealedBox>().Open(row.SealedSeed, EvidenceKey.Subject(row.Id));

        Ed25519.PublicKey(seed).Should().Equal(row.PublicKey);
        (await app.Database.Bytes()).Should().NotContain(System.Text.Encoding.Latin1.GetString(seed));
    }

    [Fact]
    public async Task A_host_does_not_sign_if_the_public_key_was_changed_in_the_database()
    {
        await Sign(app);
        var foreign = Convert.ToHexString(Ed25519.PublicKey(new byte[32]));
        await app.Database.Run(
            $"UPDATE {TestDatabase.Table("audit", "evidence_keys")} SET PublicKey = "
                + $"{(TestDatabase.IsSqlServer ? $"0x{foreign}" : $"X'{foreign}'")}");
        await using var other = new Guest(await app.StartAnotherHost());

        var sign = () => Sign(other.App);

        await sign.Should().ThrowAsync<CryptographicException>();
    }

    [Fact]
    public async Task The_next_key_is_published_before_it_signs_and_the_old_one_stays_published()
    {
        var before = await Sign(app);
        await Rotate(isEmergency: false);
        await Rotate(isEmergency: false); // returns the key that is about to take over

        (await Keys()).Should().HaveCount(2);
        app.Clock.Advance(EvidenceKeyRotation.Notice - TimeSpan.FromMinutes(1));
        (await Sign(app)).Should().Be(before);
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        var after = await Sign(app);

        after.Should().NotBe(before);
        foreach (var note in new[] { before, after }) (await Open(note)).Should().Be(Text);
        var keys = await Keys();
        keys[1].GetProperty("retiredAt").GetDateTimeOffset().Should().Be(keys[0].GetProperty("signsFrom").GetDateTimeOffset());
        keys[1].GetProperty("distrustedAt").ValueKind.Should().Be(JsonValueKind.Null);
        keys[1].GetProperty("name").GetString().Should().Be(keys[0].GetProperty("name").GetString());
    }

    [Fact]
    public async Task In_an_emergency_every_host_signs_with_the_next_key_within_seconds()
    {
        await using var other = new Guest(await app.StartAnotherHost());
        var before = await Sign(other.App);

        await Rotate(isEmergency: true);
        app.Clock.Advance(EvidenceKeys.CacheTime);

        var notes = new[] { await Sign(app), await Sign(other.App) };
        notes.Should().AllBe(notes[0]).And.NotContain(before);
        (await Open(before)).Should().Be(Text, "the old key stays published");
        var keys = await Keys();
        keys.Select(k => k.GetProperty("distrustedAt").ValueKind).Should().Equal(JsonValueKind.Null, JsonValueKind.String);
    }

    [Fact]
    public async Task A_new_public_address_does_not_change_the_name()
    {
        var name = (await app.Anonymous.Get(Published)).Json.GetProperty("keys")[0].GetProperty("name").GetString();
        await using var moved = new Guest(await app.StartAnotherHost(("PublicUrl", "https://moved.example.org")));

        await Rotate(isEmergency: true, moved.App);

        (await Keys()).Should().AllSatisfy(k => k.GetProperty("name").GetString().Should().Be(name));
    }

    [Fact]
    public async Task A_clock_that_was_set_back_creates_no_new_key()
    {
        var before = await Sign(app);
        app.Clock.Advance(-TimeSpan.FromDays(30));

        (await Sign(app)).Should().Be(before);
        (await Keys()).Should().ContainSingle();
    }

    [Theory]
    [InlineData("http://localhost:8012", "localhost:8012/aegis-audit")]
    [InlineData("https://Aegis.Example.org", "aegis.example.org/aegis-audit")]
    [InlineData("https://aegis.example.org:8443", "aegis.example.org:8443/aegis-audit")]
    [InlineData("http://[::1]:8012", "[::1]:8012/aegis-audit")]
    [InlineData("https://bücher.example/below", "xn--bcher-kva.example/aegis-audit")]
    public void The_name_contains_host_and_port_of_the_public_address(string publicUrl, string name) =>
        EvidenceKeys.NameOf(publicUrl).Should().Be(name);

    private static async Task<string> Sign(AegisApp host) =>
        await host.Services.GetRequiredService<IEvidenceSigner>().Sign(Text, CancellationToken.None);

    private Task<string> Rotate(bool isEmergency, AegisApp? on = null) =>
        AuditModule.RotateEvidenceKey((on ?? app).Services, isEmergency, CancellationToken.None);

    private async Task<string?> Open(string note)
    {
        var known = (await Keys()).ConvertAll(k => NoteVerifier.Parse(k.GetProperty("verifierKey").GetString()!));
        return SignedNote.TryOpen(note, known, out var text) ? text : null;
    }

    private async Task<List<JsonElement>> Keys() => [.. (await app.Anonymous.Get(Published)).Json.GetProperty("keys").EnumerateArray()];

    private async Task<T> Read<T>(Func<AuditDb, Task<T>> read)
    {
        await using var scope = app.Services.CreateAsyncScope();
        return await read(scope.ServiceProvider.GetRequiredService<AuditDb>());
    }

    private sealed class Guest(AegisApp app) : IAsyncDisposable
    {
        public AegisApp App => app;

        public async ValueTask DisposeAsync() => await app.DisposeAsync();
    }
}
