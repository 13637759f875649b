using System.Runtime.CompilerServices;

namespace Aegis.Studies.Content.Unzipping;

/// <summary>
/// Inflates deflate data (RFC 1951) and knows exactly where it ends, which DeflateStream does not tell. It is for entries whose size
/// comes after their data. It works in steps: a step has all its input or changes nothing, so input may arrive in pieces of any size.
/// It uses constant memory.
/// </summary>
internal sealed class Inflater
{
    private const int Window = 32 * 1024;
    private const int MaxMatchLength = 258;
    private const int EndOfBlock = 256;

    private static readonly ushort[] LengthBase =
        [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
    private static readonly byte[] LengthExtra = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
    private static readonly ushort[] DistanceBase =
        [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289,
            16385, 24577];

    private enum Step { Header, Stored, Codes, Done }

    private readonly byte[] output = new byte[Window * 3 + MaxMatchLength];
    private readonly InflaterCodes codes = new();
    private int written;
    private int taken;
    private Step step;
    private bool lastBlock;
    private int storedLeft;
    private ulong bits;
    private int bitCount;

    /// <summary>The output that was not taken yet.</summary>
    public ReadOnlySpan<byte> Ready => output.AsSpan(taken, written - taken);

    /// <summary>The last block has ended. The input after it was not consumed.</summary>
    public bool Finished => step is Step.Done;

    public void Take(int count) => taken += count;

    public void Reset()
    {
        (written, taken, step, lastBlock, storedLeft, bits, bitCount) = (0, 0, Step.Header, false, 0, 0, 0);
    }

    /// <summary>Resets and overwrites the output, which still contains data of the last entry.</summary>
    public void Clear()
    {
        Reset();
        Array.Clear(output);
    }

    /// <summary>
    /// Decodes until the output is full, the input is too short for a step, or the data ends. Returns how much input was used.
    /// Unused input must be passed again, followed by more input unless <paramref name="ends"/>.
    /// </summary>
    public int Decode(ReadOnlySpan<byte> input, bool ends)
    {
        if (taken == written && written + MaxMatchLength > output.Length)
        {
            output.AsSpan(written - Window, Window).CopyTo(output);
            written = taken = Window;
        }

        var reader = new BitReader(input, bits, bitCount);
        var goesOn = true;
        while (goesOn && step is not Step.Done && written + MaxMatchLength <= output.Length)
        {
            goesOn = step switch
            {
                Step.Header => ReadHeader(ref reader),
                Step.Stored => CopyStored(ref reader),
                _ => ReadCodes(ref reader),
            };
        }

        if (!goesOn && ends && step is not Step.Done && taken == written) throw ZipRefusals.Truncated();

        (bits, bitCount) = reader.GiveBack();
        return reader.Used;
    }

    private bool ReadHeader(ref BitReader reader)
    {
        var start = reader;
        var isLast = reader.Take(1) == 1;
        var type = reader.Take(2);
        var ready = type switch
        {
            0 => ReadStoredHeader(ref reader),
            1 => codes.UseFixed(),
            2 => codes.Read(ref reader),
            _ => reader.Starved ? false : throw Damaged(),
        };
        if (!ready || reader.Starved)
        {
            reader = start;
            return false;
        }

        lastBlock = isLast;
        step = type == 0 ? Step.Stored : Step.Codes;
        return true;
    }

    private bool ReadStoredHeader(ref BitReader reader)
    {
        reader.SkipToByte();
        var length = reader.Take(16);
        var complement = reader.Take(16);
        if (reader.Starved) return false;
        if ((length ^ complement) != 0xFFFF) throw Damaged();

        storedLeft = length;
        return true;
    }

    private bool CopyStored(ref BitReader reader)
    {
        var copied = reader.TakeBytes(output.AsSpan(written, Math.Min(storedLeft, output.Length - written)));
        written += copied;
        storedLeft -= copied;
        if (storedLeft == 0)
            EndBlock();
        return storedLeft == 0 || copied > 0;
    }

    // The reader and the position are locals so that they stay in registers: inflating spends most of its time in this loop.
    private bool ReadCodes(ref BitReader reader)
    {
        var local = reader;
        var (literals, distances, buffer, at) = (codes.Literals, codes.Distances, output, written);
        var (goesOn, ends) = (true, false);
        while (goesOn && !ends && at + MaxMatchLength <= buffer.Length)
        {
            local.Refill();
            var (startBits, startCount) = (local.Bits, local.Count);
            var symbol = local.Decode(literals);
            if ((uint)symbol < EndOfBlock && !local.Starved)
            {
                buffer[at++] = (byte)symbol;
                continue;
            }

            var (length, distance) = symbol > EndOfBlock ? ReadMatch(ref local, symbol, distances) : (0, 0);
            if (local.Starved)
            {
                local.GoBack(startBits, startCount);
                goesOn = false;
            }
            else if (symbol == EndOfBlock)
            {
                ends = true;
            }
            else if (length == 0 || distance > at)
            {
                throw Damaged();
            }
            else
            {
                Repeat(buffer, at, length, distance);
                at += length;
            }
        }

        reader = local;
        written = at;
        if (ends)
            EndBlock();
        return goesOn;
    }

    // (0, 0) for a code without a meaning.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (int Length, int Distance) ReadMatch(ref BitReader reader, int symbol, HuffmanTable distances)
    {
        symbol -= EndOfBlock + 1;
        if ((uint)symbol >= (uint)LengthBase.Length) return (0, 0);

        var length = LengthBase[symbol] + reader.TakeLoaded(LengthExtra[symbol]);
        var code = reader.Decode(distances);
        if ((uint)code >= (uint)DistanceBase.Length) return (0, 0);

        var extra = code < 2 ? 0 : (code >> 1) - 1;
        return (length, DistanceBase[code] + reader.TakeLoaded(extra));
    }

    // A match longer than its distance overlaps its own output. Each round copies what exists so far, which doubles it.
    private static void Repeat(byte[] buffer, int at, int length, int distance)
    {
        var from = at - distance;
        while (length > distance)
        {
            buffer.AsSpan(from, distance).CopyTo(buffer.AsSpan(at));
            at += distance;
            length -= distance;
            distance *= 2;
        }

        buffer.AsSpan(from, length).CopyTo(buffer.AsSpan(at));
    }

    private void EndBlock() => step = lastBlock ? Step.Done : Step.Header;

    internal static ContentException Damaged() => ZipRefusals.Invalid("an entry is not deflate data");
}
