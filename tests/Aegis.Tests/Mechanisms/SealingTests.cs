using System.Security.Cryptography;
using System.Text;
using Aegis.Kernel.Sealing;
using Aegis.Tests.App;
using Microsoft.Extensions.Configuration;

namespace Aegis.Tests.Mechanisms;

public sealed class SealingTests
{
    private static readonly SealedFor Subject = new("things", "thing_1", 3);

    [Fact]
    public void A_sealed_value_opens_for_its_own_record_only()
    {
        var box = new SealedBox(new KeyRing(new FixedKeys("kek_1")));
        var message = box.SealText("what nobody may read", Subject);

        box.OpenText(message, Subject).Should().Be("what nobody may read");
        Encoding.Latin1.GetString(message).Should().NotContain("nobody");
        foreach (var other in (SealedFor[])[Subject with { Table = "others" }, Subject with { Id = "thing_2" }, Subject with { Version = 4 }])
            box.Invoking(b => b.Open(message, other)).Should().Throw<CryptographicException>();
    }

    [Fact]
    public void A_changed_bit_anywhere_is_noticed()
    {
        var box = new SealedBox(new KeyRing(new FixedKeys("kek_1")));
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
        var before = new SealedBox(new KeyRing(source)).SealText("old", Subject);
        source.Add("kek_2");
        var box = new SealedBox(new KeyRing(source));

        var after = box.SealText("new", Subject);

        box.OpenText(before, Subject).Should().Be("old");
        Encoding.ASCII.GetString(after.AsSpan(2, 5)).Should().Be("kek_2");
        new SealedBox(new KeyRing(new FixedKeys("kek_9"))).Invoking(b => b.Open(before, Subject))
            .Should().Throw<CryptographicException>().WithMessage("*has no key 'kek_1'*");
    }

    [Fact]
    public async Task A_missing_or_foreign_ring_stops_the_start_and_is_named()
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
        if (OperatingSystem.IsWindows()) return; // there the folder's access list decides
        var app = await AegisApp.Start();

        foreach (var file in Directory.GetFiles(Path.Combine(app.DataDirectory, "keys")).Append(Path.Combine(app.DataDirectory, "sandbox.json")))
            File.GetUnixFileMode(file).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite, "{0} holds a secret", Path.GetFileName(file));
        await app.DisposeAsync();
    }

    [Theory]
    [InlineData(null, "Set Keys:Directory")]
    [InlineData("/srv/aegis/data/keys", "lies inside DataDirectory")]
    public void Production_refuses_a_ring_beside_the_data(string? directory, string message)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Keys:Directory", directory)]).Build();

        var read = () => KeyOptions.From(configuration, "/srv/aegis/data", isProduction: true);

        read.Should().Throw<InvalidOperationException>().WithMessage($"*{message}*");
    }

    [Fact]
    public void A_destroyed_day_key_opens_nothing()
    {
        var days = new DayKeys(Path.Combine(AppContext.BaseDirectory, "days", Aegis.Kernel.Identifiers.Ids.New("d", TimeProvider.System.GetUtcNow())));
        var day = new DateOnly(2026, 1, 17);
        var message = days.Seal(day, [1, 2, 3], Subject);

        days.Open(day, message, Subject).Should().Equal(1, 2, 3);
        days.Destroy(day);
        days.Destroy(day);

        days.Days().Should().BeEmpty();
        days.Invoking(d => d.Open(day, message, Subject)).Should().Throw<CryptographicException>();
    }

    [Fact]
    public void A_secret_does_not_print_itself()
    {
        using var secret = new Secret([1, 2, 3]);

        $"{secret}".Should().Be("***");
        $"{new KeyEncryptionKey("kek_1", [1])}".Should().Be("kek_1 ***");
    }

    private sealed class FixedKeys(string first) : IKeySource
    {
        private readonly List<KeyEncryptionKey> keys = [Key(first)];

        public void Add(string id) => keys.Add(Key(id));

        public (string RingId, IReadOnlyList<KeyEncryptionKey> Keys)? Load() => ("ring_1", keys.ToList());

        public void Create(DateTimeOffset now) => throw new NotSupportedException();

        private static KeyEncryptionKey Key(string id) => new(id, SHA256.HashData(Encoding.ASCII.GetBytes(id)));
    }
}
