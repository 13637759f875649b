using Aegis.Studies.Fulfilment;

namespace Aegis.Tests.Studies.Fulfilment;

public sealed class DeclaredDigestTests
{
    [Fact]
    public void The_digest_does_not_depend_on_the_order_of_the_files()
    {
        byte[][] files = [[1], [2, 3], [4, 5, 6]];
        var (forth, back) = (new DeclaredDigest(), new DeclaredDigest());
        foreach (var file in files) forth.Add(SHA256.HashData(file), file.Length);
        foreach (var file in files.Reverse()) back.Add(SHA256.HashData(file), file.Length);

        var expected = Parcel.Digest([.. files]);

        forth.ToManifest().Should().Be(new Manifest(3, 6, expected));
        back.ToManifest().Should().Be(forth.ToManifest());
    }
}
