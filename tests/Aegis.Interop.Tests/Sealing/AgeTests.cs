using Aegis.Kernel.Sealing;
using Aegis.Studies.Content;
using Aegis.Studies.Persistence;

namespace Aegis.Interop.Tests.Sealing;

/// <summary>A file on disk is the payload of an age file. With the file key, it can be read without our code.</summary>
public sealed class AgeTests(ExchangeFixture exchange) : IClassFixture<ExchangeFixture>
{
    [Fact]
    public void The_curve_matches_RFC_7748()
    {
        var scalar = Convert.FromHexString("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4");
        var point = Convert.FromHexString("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c");

        Convert.ToHexStringLower(AgeHeader.X25519(scalar, point))
            .Should().Be("c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552");
    }

    [InteropTheory("age", "age-keygen")]
    [InlineData(1)]
    [InlineData(5)]
    public async Task Age_opens_a_stored_study_after_a_header_is_added(int instances)
    {
        var received = await exchange.Receive(
            await exchange.Synthesize(SyntheticStudySpec.JaneDoe with { Series = 1, InstancesPerSeries = instances }));
        var (content, fileKey) = await Stored(received.Transfer);
        var (file, identity) = (Path.Combine(received.Folder, "study.age"), Path.Combine(received.Folder, "identity"));
        (await Tool.Run("age-keygen", "-o", identity)).ShouldSucceed();
        var recipient = (await Tool.Run("age-keygen", "-y", identity)).ShouldSucceed().Output.Trim();
        await File.WriteAllBytesAsync(file, [.. AgeHeader.For(recipient, fileKey), .. content]);

        (await Tool.Run("age", "-d", "-i", identity, "-o", file + ".plain", file)).ShouldSucceed();

        var plain = await File.ReadAllBytesAsync(file + ".plain");
        byte[] expected = [.. received.Instances.SelectMany(File.ReadAllBytes)];
        plain.AsSpan(0, expected.Length).SequenceEqual(expected).Should().BeTrue();
        plain.Should().HaveCount(expected.Length + 16 * instances + 16, "the index follows");
    }

    private async Task<(byte[] Content, byte[] FileKey)> Stored(string transferId)
    {
        await using var scope = exchange.App.Services.CreateAsyncScope();
        var services = scope.ServiceProvider;
        var transfer = await services.GetRequiredService<StudiesDb>().Transfers.Include(t => t.Key).SingleAsync(t => t.Id == transferId);
        var fileKey = services.GetRequiredService<DayKeys>()
            .Open(transfer.Study.KeyDay, transfer.Key!.SealedFileKey, new SealedFor("content", transferId));
        return (await File.ReadAllBytesAsync(services.GetRequiredService<ContentFolder>().PathOf(transfer.Study.FileName)), fileKey);
    }
}
