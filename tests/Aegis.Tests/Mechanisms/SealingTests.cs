using Aegis.Kernel.Sealing;
using Aegis.Studies.Content;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aegis.Tests.Mechanisms;

public sealed class SealingTests
{
    private static readonly SealedFor Subject = new("things", "thing_1", 3);

    [Fact]
    public void A_sealed_value_opens_only_for_its_record()
    {
        var box = Box(new FixedKeys("kek_1"));
        var message = box.SealText("what nobody may read", Subject);

        box.OpenText(message, Subject).Should().Be("what nobody may read");
        Encoding.Latin1.GetString(message).Should().NotContain("nobody");
        foreach (var other in (SealedFor[])[Subject with { Table = "others" }, Subject with { Id = "thing_2" },
            Subject with { Version = 4 }])
            box.Invoking(b => b.Open(message, other)).Should().Throw<CryptographicException>();
    }

    [Fact]
    public void Any_changed_bit_is_detected()
    {
        var box = Box(new FixedKeys("kek_1"));
        var message = box.SealText("value", Subject);

        for (var i = 0; i < message.Length; i++)
        {
            var changed = message.ToArray();
            changed[i] ^= 1;
            box.Invoking(b => b.Open(changed, Subject)).Should().Throw<CryptographicException>("byte {0} was changed", i);
        }
    }

    [Fact]
    public void Values_sealed_before_a_new_key_still_open_and_new_ones_use_the_newest()
    {
        var source = new FixedKeys("kek_1");
        var before = Box(source).SealText("old", Subject);
        source.Add("kek_2");
        var box = Box(source);

        var after = box.SealText("new", Subject);

        box.OpenText(before, Subject).Should().Be("old");
        Encoding.ASCII.GetString(after.AsSpan(2, 5)).Should().Be("kek_2");
        Box(new FixedKeys("kek_9")).Invoking(b => b.Open(before, Subject))
            .Should().Throw<CryptographicException>().WithMessage("*has no key 'kek_1'*");
    }

    [Fact]
    public async Task A_missing_or_foreign_ring_stops_the_start_with_its_name()
    {
        var app = await AegisApp.Start();
        var keys = Path.Combine(app.DataDirectory, "keys");
        var ring = (await File.ReadAllTextAsync(Path.Combine(keys, "ring.id"))).Trim();

        Directory.Move(keys, keys + ".away");
        var missing = async () => await app.StartAnotherHost();
        (await missing.Should().ThrowAsync<InvalidOperationException>()).WithMessage($"*ring is missing*{ring}*");

        Directory.Move(keys + ".away", keys);
        await File.WriteAllTextAsync(Path.Combine(keys, "ring.id"), "ring_other");
        var foreign = async () => await app.StartAnotherHost();
        (await foreign.Should().ThrowAsync<InvalidOperationException>()).WithMessage($"*'ring_other'*{ring}*");
        await app.DisposeAsync();
    }

    [Fact]
    public async Task Keys_are_readable_by_their_owner_only()
    {
        if (OperatingSystem.IsWindows()) return; // there the access list of the folder applies
        var app = await AegisApp.Start();

        foreach (var file in Directory.GetFiles(Path.Combine(app.DataDirectory, "keys"))
            .Append(Path.Combine(app.DataDirectory, "sandbox.json")))
            File.GetUnixFileMode(file)
                .Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite, "{0} contains a secret", Path.GetFileName(file));
        await app.DisposeAsync();
    }

    [Theory]
    [InlineData(null, "Set Keys:Directory")]
    [InlineData("/srv/aegis/data/keys", "is inside DataDirectory")]
    public void Production_refuses_a_ring_in_the_data_directory(string? directory, string message)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Keys:Directory", directory)]).Build();

        var read = () => KeyOptions.From(configuration, "/srv/aegis/data", isProduction: true);

        read.Should().Throw<InvalidOperationException>().WithMessage($"*{message}*");
    }

    [Fact]
    public void In_an_environment_ring_the_last_key_seals_unless_another_is_named()
    {
        var key = Convert.ToBase64String(new byte[32]);
        string Ring(string more) => $$"""{"ring":"ring_1","keys":{"kek_2":"{{key}}","kek_1":"{{key}}"}{{more}}}""";

        new EnvironmentKeys(Ring("")).Load()!.Value.Keys.Select(k => k.Id).Should().Equal("kek_1", "kek_2");
        new EnvironmentKeys(Ring(""","seal":"kek_1" """)).Load()!.Value.Keys.Select(k => k.Id).Should().Equal("kek_2", "kek_1");
        new EnvironmentKeys(Ring(""","seal":"kek_3" """)).Invoking(k => k.Load())
            .Should().Throw<InvalidOperationException>().WithMessage("*'seal'*");
    }

    [Fact]
    public void A_key_that_a_kill_left_half_destroyed_is_unused_and_deleted_by_the_next_change()
    {
        var folder = NewFolder();
        var keys = new DirectoryKeys(folder);
        keys.Create(TimeProvider.System.GetUtcNow());
        var first = keys.Load()!.Value.Keys[0].Id;
        keys.Add(KeyRing.NewKey(TimeProvider.System.GetUtcNow()));
        File.Move(Path.Combine(folder, $"{first}.key"), Path.Combine(folder, $"{first}.key.condemned"));

        keys.Load()!.Value.Keys.Should().ContainSingle().Which.Id.Should().NotBe(first);
        keys.Add(KeyRing.NewKey(TimeProvider.System.GetUtcNow()));

        Directory.GetFiles(folder).Should().HaveCount(3).And.NotContain(f => f.Contains(first, StringComparison.Ordinal));
    }

    [Fact]
    public void The_private_recovery_key_opens_the_copy_of_each_key()
    {
        var folder = NewFolder();
        var keys = new DirectoryKeys(folder);
        keys.Create(TimeProvider.System.GetUtcNow());
        using var rsa = RSA.Create(3072);
        var publicKey = Path.Combine(folder, "recovery.pem");
        File.WriteAllText(publicKey, rsa.ExportSubjectPublicKeyInfoPem());
        var copies = new RecoveryCopies(new KeyOptions("directory", folder, folder, publicKey));

        copies.WriteMissing(keys.Load()!.Value.Keys);
        copies.WriteMissing(keys.Load()!.Value.Keys);

        var copy = Directory.GetFiles(folder, "*.recovery").Should().ContainSingle().Which;
        var (key, id) = (Directory.GetFiles(folder, "kek_*.key").Single(), keys.Load()!.Value.Keys[0].Id);
        Encoding.ASCII.GetString(rsa.Decrypt(File.ReadAllBytes(copy), RSAEncryptionPadding.OaepSHA256)).Should().Be(File.ReadAllText(key));
        keys.Destroy(id);
        Directory.GetFiles(folder, "kek_*").Should().BeEmpty();

        foreach (var (pem, message) in new[] { (rsa.ExportPkcs8PrivateKeyPem(), "*private key*"), ("nonsense", "*Keys:RecoveryPublicKey*"),
            (Weak(), "*3072 bits*") })
        {
            File.WriteAllText(publicKey, pem);
            var read = () => new RecoveryCopies(new KeyOptions("directory", folder, folder, publicKey));
            read.Should().Throw<InvalidOperationException>().WithMessage(message);
        }
    }

    [Fact]
    public void A_destroyed_day_key_opens_nothing()
    {
        var days = new DayKeys(
                Path.Combine(AppContext.BaseDirectory, "days", Aegis.Kernel.Identifiers.Ids.New("d", TimeProvider.System.GetUtcNow())));
        var day = new DateOnly(2026, 1, 17);
        var message = days.Seal(day, [1, 2, 3], Subject);

        days.Open(day, message, Subject).Should().Equal(1, 2, 3);
        days.Destroy(day);
        days.Destroy(day);

        days.Days().Should().BeEmpty();
        days.Invoking(d => d.Open(day, message, Subject)).Should().Throw<CryptographicException>();
    }

    [Fact]
    public void A_secret_is_printed_as_stars()
    {
        using var secret = new Secret([1, 2, 3]);

        $"{secret}".Should().Be("***");
        $"{new KeyEncryptionKey("kek_1", [1])}".Should().Be("kek_1 ***");
    }

    private static string Weak()
    {
        using var rsa = RSA.Create(2048);
        return rsa.ExportSubjectPublicKeyInfoPem();
    }

    private static string NewFolder() =>
        Path.Combine(AppContext.BaseDirectory, "rings", Aegis.Kernel.Identifiers.Ids.New("r", TimeProvider.System.GetUtcNow()));

    private static SealedBox Box(IKeySource source) => new(new KeyRing(source, TimeProvider.System, NullLogger<KeyRing>.Instance));

    private sealed class FixedKeys(string first) : IKeySource
    {
        private readonly List<KeyEncryptionKey> keys = [Key(first)];

        public void Add(string id) => keys.Add(Key(id));

        public (string RingId, IReadOnlyList<KeyEncryptionKey> Keys)? Load() => ("ring_1", keys.ToList());

        public void Create(DateTimeOffset now) => throw new NotSupportedException();

        public bool IsWritable => true;

        public void Add(KeyEncryptionKey key) => keys.Add(key);

        public void Destroy(string keyId) => keys.RemoveAll(k => k.Id == keyId);

        private static KeyEncryptionKey Key(string id) => new(id, SHA256.HashData(Encoding.ASCII.GetBytes(id)));
    }
}
