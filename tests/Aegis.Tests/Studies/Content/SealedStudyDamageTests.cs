using Aegis.Studies.Content.Sealing;

namespace Aegis.Tests.Studies.Content;

public sealed class SealedStudyDamageTests : IDisposable
{
    private const int SealedChunk = 64 * 1024 + 16;
    private readonly StudyFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_flipped_bit_anywhere_in_a_small_file_is_detected()
    {
        await folder.Seal([1, 2, 3], [4, 5]);
        var whole = File.ReadAllBytes(folder.File);

        for (var i = 0; i < whole.Length; i++)
        {
            whole[i] ^= (byte)(1 << (i % 8));
            ReadAllOf(whole).Should().Throw<ContentCorruptException>("byte {0} was changed", i);
            whole[i] ^= (byte)(1 << (i % 8));
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(16, 0)]
    [InlineData(16 + SealedChunk - 1, 0)]
    [InlineData(16 + SealedChunk, 1)]
    [InlineData(16 + 2 * SealedChunk + 70, 2)]
    [InlineData(-1, 5)]
    public async Task Damage_names_its_chunk(int at, int chunk)
    {
        var whole = await SixChunks();
        whole[at < 0 ? whole.Length + at : at] ^= 0x80;

        var read = ReadAllOf(whole).Should().Throw<ContentCorruptException>();

        // A damaged nonce changes the key. The reader notices it in the chunk that it reads first, the last one.
        read.Which.Chunk.Should().Be(at == 0 ? 5 : chunk);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(16)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(48)]
    [InlineData(16 + SealedChunk)]
    [InlineData(16 + 2 * SealedChunk)]
    [InlineData(16 + 5 * SealedChunk)]
    [InlineData(16 + 5 * SealedChunk + 16)]
    [InlineData(16 + 5 * SealedChunk + 30)]
    public async Task A_truncated_file_does_not_open(int length)
    {
        var whole = await SixChunks();
        File.WriteAllBytes(folder.File, whole[..length]);

        var open = () => folder.Open();

        open.Should().Throw<ContentCorruptException>();
    }

    [Fact]
    public async Task An_extended_file_does_not_open()
    {
        var whole = await SixChunks();
        File.WriteAllBytes(folder.File, [.. whole, 0]);

        var open = () => folder.Open();

        open.Should().Throw<ContentCorruptException>();
    }

    [Fact]
    public async Task Swapped_chunks_are_detected()
    {
        var whole = await SixChunks();
        var second = whole[(16 + SealedChunk)..(16 + 2 * SealedChunk)];
        whole.AsSpan(16 + 2 * SealedChunk, SealedChunk).CopyTo(whole.AsSpan(16 + SealedChunk));
        second.CopyTo(whole, 16 + 2 * SealedChunk);

        ReadAllOf(whole).Should().Throw<ContentCorruptException>().Which.Chunk.Should().Be(1);
    }

    [Fact]
    public async Task A_chunk_of_another_study_under_the_same_key_is_detected()
    {
        var whole = await SixChunks();
        using var other = new StudyFolder();
        await other.Seal(new Seeded(1).Bytes(5 * 65536 + 100));
        File.ReadAllBytes(other.File).AsSpan(16, SealedChunk).CopyTo(whole.AsSpan(16));

        ReadAllOf(whole).Should().Throw<ContentCorruptException>().Which.Chunk.Should().Be(0);
    }

    [Fact]
    public async Task Another_key_does_not_open_the_file()
    {
        await folder.Seal([1]);

        var open = () => SealedStudyReader.Open(folder.File, new byte[16]);

        open.Should().Throw<ContentCorruptException>();
    }

    [Fact]
    public async Task A_file_that_shrinks_under_a_reader_is_detected()
    {
        var whole = await SixChunks();
        using var reader = folder.Open();
        using var cursor = reader.Cursor();
        File.WriteAllBytes(folder.File, whole[..100_000]);

        var read = () => cursor.Read(3 * 65536, new byte[10]);

        read.Should().Throw<ContentCorruptException>().Which.Chunk.Should().Be(3);
    }

    [Theory]
    [InlineData("00000000000000005858585858585858" + "0000000000000000")] // not our magic
    [InlineData("41454749534958310100000000000000")] // the count is larger than the file
    [InlineData("4145474953495831ffffffffffffffff")]
    [InlineData("4145474953495831ffffffffffffff7f")]
    [InlineData("0900000000000000000000000000000041454749534958310100000000000000")] // longer than the payload
    [InlineData("ffffffffffffffff000000000000000041454749534958310100000000000000")]
    [InlineData("fbffffffffffffff000000000000000005000000000000000000000000000000" + "41454749534958310200000000000000")] // -5 and 5
    [InlineData("aa41454749534958310000000000000000")] // one byte does not belong to an instance
    public void An_authentic_file_with_a_wrong_index_does_not_open(string plaintext)
    {
        var plain = Convert.FromHexString(plaintext);
        var sealedBytes = new byte[16 + plain.Length + 16];
        using (var cipher = AgePayload.Cipher(StudyFolder.Key, sealedBytes.AsSpan(0, 16)))
            AgePayload.Seal(cipher, 0, last: true, plain, sealedBytes.AsSpan(16));
        File.WriteAllBytes(folder.File, sealedBytes);

        var open = () => folder.Open();

        open.Should().Throw<ContentCorruptException>();
    }

    [Fact]
    public void A_negative_length_is_not_a_valid_index()
    {
        var make = () => new StudyIndex([(-1, 0, 0)]);

        make.Should().Throw<ArgumentOutOfRangeException>();
    }

    private async Task<byte[]> SixChunks()
    {
        await folder.Seal(new Seeded(1).Bytes(5 * 65536 + 100));
        return File.ReadAllBytes(folder.File);
    }

    private Action ReadAllOf(byte[] file) => () =>
    {
        File.WriteAllBytes(folder.File, file);
        using var reader = folder.Open();
        using var cursor = reader.Cursor();
        cursor.Read(0, new byte[reader.PlaintextLength]);
    };
}
