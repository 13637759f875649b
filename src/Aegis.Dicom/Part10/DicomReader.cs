namespace Aegis.Dicom.Part10;

/// <summary>
/// Reads a data set token by token (PS3.5 chapter 7) and returns values in little endian. After <see cref="Token.Element"/> and
/// <see cref="Token.Fragment"/> the caller may take the value; a value not taken is skipped.
/// No length may exceed what is left of the item or sequence around it.
/// </summary>
internal sealed class DicomReader(SourceWindow window, TransferSyntax syntax)
{
    private const int ShortHeader = 8;
    private const int LongHeader = 12;
    private const int MaxSkipped = 64; // a file with more is not what its label says

    private enum Kind : byte { DataSet, Sequence, Fragments }

    private readonly record struct Level(Kind Kind, long End, bool Undefined, bool Explicit, bool BigEndian);

    private readonly Level[] levels = NewLevels(syntax);
    private int top;
    private long remaining;
    private int swap = 1; // bytes of one number when the file is big endian
    private ReadOnlyMemory<byte> value;
    private bool closedItem, isAfterPixels; // closedItem: the previous token ended an item with a length

    public uint Tag { get; private set; }
    public uint Length { get; private set; }
    public long Offset { get; private set; }

    /// <summary>The declared representation, or the dictionary's when the file declares UN or none.</summary>
    public Vr Vr { get; private set; }

    /// <summary>Dictionary entry of <see cref="Tag"/>; null for private and unknown attributes.</summary>
    public AttributeEntry? Known { get; private set; }

    /// <summary>Open sequences around the current token.</summary>
    public int Depth { get; private set; }

    /// <summary>Bytes of one word of the current value. Pieces contain whole words, except at the value's end.</summary>
    public int WordBytes { get; set; } = 1;

    /// <summary>Zero bytes followed the last element.</summary>
    public bool HadTrailingZeros { get; private set; }

    /// <summary>Elements that were skipped because their representation is invalid.</summary>
    public HashSet<uint> SkippedTags { get; } = [];

    /// <summary>Refuses elements with an invalid representation instead of skipping them. Used for file meta information.</summary>
    public bool IsStrict { get; init; }

    public async ValueTask<Token> Next(CancellationToken ct)
    {
        while (true)
            if (await Read(ct) is { } token) return token;
    }

    // Null when the element is skipped.
    private async ValueTask<Token?> Read(CancellationToken ct)
    {
        await Skip(ct);
        value = default;
        WordBytes = 1;
        var level = levels[top];
        if (!level.Undefined && window.Position == level.End) return Close();

        Offset = window.Position;
        if (level.End - Offset < ShortHeader)
            throw Fail(DicomErrors.LengthInvalid, "An element begins too close to the end of the item or sequence around it.");
        var isWhole = await window.Has(ShortHeader, ct);
        if (top == 0 && isAfterPixels && !ElementHeader.MayFollowPixels(window.Buffered, level.Explicit, level.BigEndian))
            throw Fail(DicomErrors.TrailingData, "Something other than zeros follows the data set.");
        if (!isWhole) return top == 0 && window.Buffered.IndexOfAnyExcept((byte)0) < 0 ? await EndOfStream(ct) : throw Truncated();

        Tag = ElementHeader.Tag(window.Buffered, level.BigEndian);
        if (top == 0 && Tag == 0) return await EndOfStream(ct);
        return level.Kind == Kind.DataSet ? await Element(level, ct) : Delimited(level);
    }

    /// <summary>The whole value, valid until the next token is read.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> Value(CancellationToken ct)
    {
        if (remaining == 0) return value;
        if (remaining > DicomLimits.InspectedValue)
            throw Fail(DicomErrors.ValueTooLarge, $"A value that must be inspected is longer than {DicomLimits.InspectedValue} bytes.");
        var count = (int)remaining;
        if (!await window.Has(count, ct)) throw Truncated();

        value = window.Peek(count);
        window.Pass(count);
        remaining = 0;
        if (swap > 1) ByteOrder.Swap(value, swap);
        return value;
    }

    /// <summary>The next part of the value; empty when all was read. After <see cref="Value"/> it returns the whole value once.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> Piece(CancellationToken ct)
    {
        if (remaining == 0)
        {
            var taken = value;
            value = default;
            return taken;
        }
        if (swap > 1 || WordBytes > 1) return await WholeWords(Math.Max(swap, WordBytes), ct);
        var piece = await window.Piece(remaining, ct);
        if (piece.IsEmpty) throw Truncated();
        remaining -= piece.Length;
        return piece;
    }

    /// <summary>The first bytes of the value, at most <paramref name="max"/>, without taking them.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> PeekValue(int max, CancellationToken ct)
    {
        var count = (int)Math.Min(max, remaining);
        return await window.Has(count, ct) ? window.Peek(count) : throw Truncated();
    }

    /// <summary>The first bytes of the first frame after fragments were opened; empty when they are too far ahead.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> PeekFragments(int max, CancellationToken ct)
    {
        if (!await window.Has(2 * ShortHeader, ct)) return default;
        var start = 2L * ShortHeader + ElementHeader.ItemLength(window.Buffered); // the offset table comes first
        if (start > DicomLimits.InspectedValue || !await window.Has((int)start, ct)) return default;
        var length = Math.Min(max, ElementHeader.ItemLength(window.Buffered[((int)start - ShortHeader)..]));
        await window.Has((int)(start + length), ct);
        return window.Peek((int)Math.Min(start + length, window.Buffered.Length))[(int)start..];
    }

    private async ValueTask<ReadOnlyMemory<byte>> WholeWords(int width, CancellationToken ct)
    {
        var one = (int)Math.Min(remaining, width);
        if (!await window.Has(one, ct)) throw Truncated();
        var count = (int)Math.Min(remaining, window.Buffered.Length);
        if (count > width) count -= count % width; // a number never spans two pieces
        var piece = window.Peek(count);
        window.Pass(count);
        remaining -= count;
        if (swap > 1) ByteOrder.Swap(piece, swap);
        return piece;
    }

    public async ValueTask Skip(CancellationToken ct)
    {
        while (remaining > 0) await Piece(ct);
    }

    /// <summary>Skips the sequence or the fragments that were just opened.</summary>
    public async ValueTask SkipSequence(CancellationToken ct)
    {
        var outside = top - 1;
        if (!levels[top].Undefined)
        {
            remaining = levels[top].End - window.Position;
            Close();
            await Skip(ct);
            return;
        }
        while (top > outside) await Next(ct);
    }

    public DicomException Fail(string code, string sentence, uint? tag = null) => new(code, sentence, Offset, tag ?? Tag);

    private async ValueTask<Token?> Element(Level level, CancellationToken ct)
    {
        if (Tag >> 16 == Tags.Item >> 16) return EndItem(level);

        Known = DataDictionary.Find(Tag);
        isAfterPixels |= top == 0 && Tag == Tags.PixelData;
        var declared = Vr.None;
        if (level.Explicit)
        {
            declared = VrTraits.Parse(window.Buffered[4], window.Buffered[5]);
            if (declared is Vr.None) return await SkipInvalid(level, ct);
            if (declared.HasLongLength())
            {
                if (level.End - Offset < LongHeader)
                    throw Fail(DicomErrors.LengthInvalid, "An element header crosses the end of the item or sequence around it.");
                if (!await window.Has(LongHeader, ct)) throw Truncated();
            }
        }
        swap = level.BigEndian ? declared.SwapWidth() : 1;
        ReadLength(level, declared.HasLongLength());
        Vr = declared is Vr.None or Vr.UN ? DataDictionary.Representation(Tag, Known) : declared;
        if (Length == Tags.Undefined) return OpenUndefined(level, declared);
        if (Length > level.End - window.Position)
            throw Fail(DicomErrors.LengthInvalid, "An element is longer than what is left of the item around it.");
        if (Vr is Vr.SQ)
            return Open(new(Kind.Sequence, window.Position + Length, false, declared is Vr.SQ && level.Explicit,
                declared is Vr.SQ && level.BigEndian));

        remaining = Length;
        return Token.Element;
    }

    // An element with an invalid representation is skipped, unless its end is unknown too.
    private async ValueTask<Token?> SkipInvalid(Level level, CancellationToken ct)
    {
        var length = IsStrict ? 0 : await InvalidRepresentation.Length(window, Tag, level.BigEndian, level.End - Offset, ct);
        if (length == 0 || SkippedTags.Count == MaxSkipped)
            throw Fail(DicomErrors.RepresentationInvalid, "The value representation is not two letters.");
        SkippedTags.Add(Tag);
        window.Pass(length);
        return null;
    }

    private Token OpenUndefined(Level level, Vr declared)
    {
        // Fragments are accepted under a native transfer syntax too: the caller inspects the codestream.
        if (level.Explicit && !level.BigEndian && Tag == Tags.PixelData && declared is Vr.OB or Vr.OW or Vr.UN)
        {
            if (Vr is not Vr.OW) Vr = Vr.OB; // PS3.5 A.4, where the file says UN
            return Open(new(Kind.Fragments, level.End, true, true, false));
        }
        if (Tag == Tags.PixelData && (!level.Explicit || level.BigEndian))
            throw Fail(DicomErrors.TransferSyntaxMismatch, "The pixel data is encapsulated, but the transfer syntax is a native one.");
        // UN of undefined length is a sequence in implicit VR little endian, whatever the dictionary says (PS3.5 6.2.2).
        if (declared is Vr.UN) Vr = Vr.SQ;
        if (Vr is not (Vr.SQ or Vr.UN))
            throw Fail(DicomErrors.LengthInvalid, "Only sequences and encapsulated pixel data may have an undefined length.");
        return Open(new(Kind.Sequence, level.End, true, declared is Vr.SQ && level.Explicit, declared is Vr.SQ && level.BigEndian));
    }

    private Token Open(Level level)
    {
        if (level.Kind == Kind.Sequence && Depth == DicomLimits.SequenceDepth)
            throw Fail(DicomErrors.TooDeep, $"Sequences are nested more than {DicomLimits.SequenceDepth} deep.");
        levels[++top] = level;
        if (level.Kind == Kind.Fragments) return Token.FragmentsStart;
        Depth++;
        return Token.SequenceStart;
    }

    private bool HasNoLength => Length is 0 or Tags.Undefined; // some writers use the undefined length for a delimiter

    private Token? Delimited(Level level)
    {
        ReadDelimiterLength(level.BigEndian);
        if (Tag == Tags.SequenceEnd && level.Undefined && HasNoLength) return Close();
        // After an item with a length: superfluous but harmless.
        if (Tag == Tags.ItemEnd && level.Kind == Kind.Sequence && Length == 0 && closedItem) return null;
        if (Tag != Tags.Item) throw Fail(DicomErrors.StructureInvalid, "A sequence contains something that is not an item.");
        closedItem = false;
        var undefined = Length == Tags.Undefined;
        if (undefined ? level.Kind == Kind.Fragments : Length > level.End - window.Position)
            throw Fail(DicomErrors.LengthInvalid, "An item is longer than what is left of the sequence around it.");
        if (level.Kind == Kind.Fragments)
        {
            remaining = Length;
            return Token.Fragment;
        }
        levels[++top] = new(Kind.DataSet, undefined ? level.End : window.Position + Length, undefined, level.Explicit, level.BigEndian);
        return Token.ItemStart;
    }

    private Token EndItem(Level level)
    {
        ReadDelimiterLength(level.BigEndian);
        // In an item with a length, a delimiter may only be at its very end.
        if (Tag != Tags.ItemEnd || top == 0 || !HasNoLength || (!level.Undefined && window.Position != level.End))
            throw Fail(DicomErrors.StructureInvalid, "A delimiter is in the wrong position.");
        return Close();
    }

    private Token Close()
    {
        var closed = levels[top--];
        closedItem = closed is { Kind: Kind.DataSet, Undefined: false };
        if (closed.Kind == Kind.Sequence) Depth--;
        return closed.Kind switch { Kind.DataSet => Token.ItemEnd, Kind.Fragments => Token.FragmentsEnd, _ => Token.SequenceEnd };
    }

    // Some writers pad files to a block size with zeros. Anything else after the data set is refused.
    private async ValueTask<Token> EndOfStream(CancellationToken ct)
    {
        for (var piece = await window.Piece(long.MaxValue, ct); !piece.IsEmpty; piece = await window.Piece(long.MaxValue, ct))
        {
            HadTrailingZeros = true;
            if (piece.Span.IndexOfAnyExcept((byte)0) >= 0)
                throw Fail(DicomErrors.TrailingData, "Something other than zeros follows the data set.");
        }
        return Token.End;
    }

    private void ReadLength(Level level, bool isLong)
    {
        Length = ElementHeader.Length(window.Buffered, level.Explicit, level.BigEndian, isLong);
        window.Pass(isLong ? LongHeader : ShortHeader);
    }

    private void ReadDelimiterLength(bool bigEndian) => ReadLength(new(default, 0, false, Explicit: false, bigEndian), isLong: false);

    private DicomException Truncated() =>
        new(DicomErrors.Truncated, "The file ends inside an element.", window.Position + window.Buffered.Length, Tag);

    private static Level[] NewLevels(TransferSyntax syntax)
    {
        var levels = new Level[DicomLimits.SequenceDepth * 2 + 2]; // a sequence and an item per level, the root, fragments
        levels[0] = new(Kind.DataSet, long.MaxValue, Undefined: true, syntax.ExplicitVr, syntax.BigEndian);
        return levels;
    }
}
