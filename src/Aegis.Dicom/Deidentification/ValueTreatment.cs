using System.Runtime.InteropServices;

namespace Aegis.Dicom.Deidentification;

/// <summary>Applies a treatment to the reader's current value.</summary>
internal sealed class ValueTreatment
{
    private const int MaxAgeYears = 89;

    private readonly DicomReader reader;
    private readonly DicomWriter writer;
    private readonly OutputBuffer output;
    private readonly Rules rules;
    private readonly ShiftedDates dates;
    private readonly CodedEntries codes;
    private readonly ItemScope[] scopes = [.. Enumerable.Range(0, DicomLimits.SequenceDepth + 1).Select(_ => new ItemScope())];
    private readonly List<byte> kept = new(UidMap.MaxBytes);

    public ValueTreatment(DicomReader reader, DicomWriter writer, OutputBuffer output, Rules rules, ShiftedDates dates)
    {
        (this.reader, this.writer, this.output, this.rules, this.dates) = (reader, writer, output, rules, dates);
        Identity = new(output, Dropped);
        codes = new(reader, writer, Dropped, Identity);
    }

    public DroppedValues Dropped { get; } = new();
    public RepeatedIdentity Identity { get; }

    /// <summary>A vendor's SOP class stayed.</summary>
    public bool KeptPrivateClass { get; private set; }
    /// <summary>Non-zero bytes after a table, a waveform or spectra were cut.</summary>
    public bool ClearedHidden { get; private set; }

    public void EnterItem(int depth) => scopes[depth].Reset();

    public void LeaveItem(int depth) => DropHeldCode(depth);

    public void DropHeldCode(int depth) => codes.DropHeld(scopes[depth]);

    public async ValueTask Treat(Treatment treatment, CancellationToken ct)
    {
        var scope = scopes[reader.Depth];
        if (treatment is not Treatment.CodeScheme) DropHeldCode(reader.Depth);
        if (Tags.IsPrivate(reader.Tag)) await Private(scope, ct);
        else if (LookupTables.IsData(reader.Tag) && treatment is Treatment.Bulk or Treatment.Number) await Lookup(scope, ct);
        else if (treatment is Treatment.Bulk) await Bulk(scope, ct);
        else if (treatment is Treatment.Number)
            await Number(reader.Vr.Width() > 0 ? reader.Vr : reader.Known!.Vr, reader.Known!.MaxValues, ct);
        else if (treatment is Treatment.Remove or Treatment.Empty or Treatment.Dummy) Drop(treatment);
        else Inspect(treatment, scope, (await reader.Value(ct)).Span);
    }

    /// <summary>Copies the current value unchanged, piece by piece.</summary>
    public async ValueTask Copy(CancellationToken ct)
    {
        for (var piece = await reader.Piece(ct); !piece.IsEmpty; piece = await reader.Piece(ct)) await output.Write(piece, ct);
    }

    public void Drop(Treatment treatment)
    {
        if (reader.Length > 0) RefuseNeeded(reader.Depth);
        var vr = reader.Known?.Vr is { } known && treatment is Treatment.Dummy ? known : reader.Vr;
        if (treatment is Treatment.Empty) writer.Element(reader.Tag, vr, []);
        else if (treatment is Treatment.Dummy) writer.Element(reader.Tag, vr, DummyValue.For(vr));
        if (treatment is not Treatment.Empty || reader.Length > 0) Dropped.Count(treatment);
        if (reader.Length > 0) Dropped.Report(reader.Tag);
    }

    public void RefuseNeeded(int depth)
    {
        if (!NeededValues.Contains(reader.Tag) || (depth > 0 && reader.Tag is Tags.PixelData)) return; // an icon
        throw reader.Fail(DicomErrors.ValueInvalid, "A value that readers of the picture need is ambiguous.");
    }

    private void Inspect(Treatment treatment, ItemScope scope, ReadOnlySpan<byte> value)
    {
        switch (treatment)
        {
            case Treatment.Remap: Remap(value); break;
            case Treatment.Grammar: Grammar(value); break;
            case Treatment.Date: Date(value); break;
            case Treatment.Clean: Clean(value); break;
            case Treatment.Text: Text(value); break;
            case Treatment.Words: Words(value); break;
            case Treatment.CharacterSet: CharacterSet(value); break;
            case Treatment.CodeValue: codes.Value(scope, value); break;
            case Treatment.CodeScheme: codes.Scheme(scope, value); break;
            case Treatment.CodeVersion: codes.Version(scope, value); break;
            case Treatment.CodeMeaning: codes.Meaning(scope, value); break;
            case Treatment.LongCode: codes.Long(scope, value); break;
            default: Drop(Treatment.Empty); break;
        }
    }

    private void Remap(ReadOnlySpan<byte> value)
    {
        Span<byte> to = stackalloc byte[UidMap.MaxBytes];
        kept.Clear();
        foreach (var part in value.Split((byte)'\\'))
        {
            if (part.Start.Value > 0) kept.Add((byte)'\\');
            var uid = value[part].Trim(" \0"u8);
            if (uid.IsEmpty) continue;
            var length = rules.Uids.Map(reader.Tag, uid, to);
            if (!uid.SequenceEqual(to[..length]))
            {
                Dropped.Remapped++;
                if (UidRegistry.IsClass(reader.Tag)) Dropped.Report(reader.Tag); // the output no longer says what the object is
            }
            else if (!uid.StartsWith("1.2.840.10008."u8)) KeptPrivateClass |= UidRegistry.IsClass(reader.Tag);
            kept.AddRange(to[..length]);
        }
        writer.Element(reader.Tag, Vr.UI, CollectionsMarshal.AsSpan(kept));
    }

    private void Grammar(ReadOnlySpan<byte> value)
    {
        // The dictionary decides: a decimal must be a decimal, and a code declared with another representation must be a defined term.
        var known = reader.Known?.Vr is { } vr && vr.Family() is VrFamily.Grammar ? vr : reader.Vr;
        if (HasTooMany(value))
        {
            Drop(Treatment.Empty);
            return;
        }
        kept.Clear();
        var (dropped, left) = GrammarValues.Keep(reader.Tag, known, known != reader.Vr, value, kept, known is Vr.CS ? Identity : null);
        if (reader.Tag is Tags.Modality && left
            && !DefinedTerms.Has(Tags.Modality, Encoding.ASCII.GetString(CollectionsMarshal.AsSpan(kept)))) Modality();
        else if (dropped && !left) Drop(Treatment.Empty);
        else if (known is Vr.AS) Age(value);
        else
        {
            if (dropped)
            {
                RefuseNeeded(reader.Depth);
                Dropped.Report(reader.Tag);
                Dropped.Count(Treatment.Empty);
            }
            writer.Element(reader.Tag, known, CollectionsMarshal.AsSpan(kept));
            if (known is Vr.CS) Identity.Wrote(reader.Tag, kept.Count);
        }
    }

    // Not a defined term, so the kind of picture is unknown, and PixelRisk asks a person to look.
    private void Modality()
    {
        writer.Element(Tags.Modality, Vr.CS, Encoding.ASCII.GetBytes(DefinedTerms.OtherModality));
        Dropped.Count(Treatment.Dummy);
        Dropped.Report(Tags.Modality);
    }

    private void Age(ReadOnlySpan<byte> value)
    {
        if (value is not [>= (byte)'0' and <= (byte)'9', _, _, (byte)'Y'] || int.Parse(value[..3], null) <= MaxAgeYears)
        {
            if (value.Length is 0 or 4) writer.Element(reader.Tag, Vr.AS, value);
            else Drop(Treatment.Empty);
            return;
        }
        writer.Element(reader.Tag, Vr.AS, "090Y"u8);
        Dropped.Cleaned++;
    }

    private void Date(ReadOnlySpan<byte> value)
    {
        if (dates.Write(reader.Tag, reader.Vr, value)) Dropped.Cleaned++;
        else Drop(AttributePolicy.Basic(reader.Tag, reader.Known));
    }

    private void Clean(ReadOnlySpan<byte> value)
    {
        var cleaned = DescriptorCleaner.Clean(reader.Vr, value);
        if (cleaned.Length == 0)
        {
            Drop(ProfileTable.Find(reader.Tag) is null ? Treatment.Empty : AttributePolicy.Basic(reader.Tag, reader.Known));
            return;
        }
        writer.Element(reader.Tag, reader.Vr, cleaned);
        Dropped.Cleaned++;
    }

    private void Text(ReadOnlySpan<byte> value)
    {
        // A reviewed attribute contains a term. More values than allowed, or other text, show that it was used for something else.
        if (HasTooMany(value) || !ValueGrammar.IsTerm(reader.Known?.Vr ?? reader.Vr, value) || Identity.IsIn(reader.Tag, value))
        {
            Drop(Treatment.Empty);
            return;
        }
        writer.Element(reader.Tag, reader.Vr, value);
        Identity.Wrote(reader.Tag, value.Length);
    }

    // A value stays when all its words are known. Empty values keep the positions of the others.
    private void Words(ReadOnlySpan<byte> value)
    {
        kept.Clear();
        var dropped = false;
        foreach (var part in value.Split((byte)'\\'))
        {
            if (part.Start.Value > 0) kept.Add((byte)'\\');
            var text = value[part].Trim(" \0"u8);
            if (DescriptorCleaner.KnowsAll(text)) kept.AddRange(text);
            else dropped = true;
        }
        if (dropped)
        {
            Dropped.Count(Treatment.Empty);
            Dropped.Report(reader.Tag);
        }
        writer.Element(reader.Tag, reader.Vr, CollectionsMarshal.AsSpan(kept));
    }

    private void CharacterSet(ReadOnlySpan<byte> value)
    {
        var terms = Encoding.Latin1.GetString(value).Split('\\').Select(DefinedTerms.CharacterSet).ToList();
        if (terms.Contains(null)) Drop(Treatment.Empty);
        else writer.Element(reader.Tag, Vr.CS, Encoding.ASCII.GetBytes(string.Join('\\', terms)));
    }

    private bool HasTooMany(ReadOnlySpan<byte> value) =>
        reader.Known is { MaxValues: > 0 } known && value.Count((byte)'\\') >= known.MaxValues;

    private async ValueTask Lookup(ItemScope scope, CancellationToken ct)
    {
        var length = LookupTables.IsSegmented(reader.Tag) && reader.Length <= DicomLimits.InspectedValue
            ? (uint)scope.Tables.SegmentedLength(reader.Tag, (await reader.Value(ct)).Span)
            : scope.Tables.Length(reader.Tag, reader.Length);
        if (length == 0)
        {
            Drop(Treatment.Remove);
            return;
        }
        await Cut(length, ct);
    }

    // Waveforms keep as many samples as they declare. An attribute that describes one sample is no longer than a sample.
    private ValueTask Bulk(ItemScope scope, CancellationToken ct)
    {
        if (WaveformFacts.IsSample(reader.Tag) && reader.Length > WaveformFacts.MaxSampleBytes) Drop(Treatment.Remove);
        else if (WaveformFacts.IsData(reader.Tag) && scope.Waveform.Bytes is { } bytes && bytes < reader.Length)
            return Cut((uint)bytes, ct);
        else return CopyElement(BulkVr, ct);
        return default;
    }

    public async ValueTask Cut(uint length, CancellationToken ct)
    {
        writer.Header(reader.Tag, BulkVr, length);
        var left = length;
        for (var piece = await reader.Piece(ct); !piece.IsEmpty; piece = await reader.Piece(ct))
        {
            var count = (int)Math.Min(left, piece.Length);
            ClearedHidden |= piece.Span[count..].IndexOfAnyExcept((byte)0) >= 0;
            await output.Write(piece[..count], ct);
            left -= (uint)count;
        }
        writer.PadOdd(BulkVr, length);
    }

    // Bytes that the file declares as numbers are written with the dictionary's representation.
    private Vr BulkVr => reader.Vr.Family() is VrFamily.Number && reader.Known!.Vr is not Vr.UsOrOw ? reader.Known.Vr : reader.Vr;

    private async ValueTask Number(Vr vr, int maxValues, CancellationToken ct)
    {
        var width = (uint)vr.Width();
        // A number of another width, or more numbers than allowed, contradicts the dictionary.
        if (width == 0 || reader.Length % width != 0 || (maxValues > 0 && reader.Length > maxValues * width))
        {
            Drop(Treatment.Remove);
            return;
        }
        if (WaveformFacts.Wants(reader.Tag)) scopes[reader.Depth].Waveform.Note(reader.Tag, (await reader.Value(ct)).Span);
        if (LookupTables.IsDescriptor(reader.Tag)) scopes[reader.Depth].Tables.Note(reader.Tag, (await reader.Value(ct)).Span);
        await CopyElement(vr, ct);
    }

    private async ValueTask CopyElement(Vr vr, CancellationToken ct)
    {
        writer.Header(reader.Tag, vr, reader.Length);
        await Copy(ct);
        writer.PadOdd(vr, reader.Length);
    }

    private async ValueTask Private(ItemScope scope, CancellationToken ct)
    {
        if (!rules.Options.KeepSafePrivate) Drop(Treatment.Remove);
        else if (Tags.IsPrivateCreator(reader.Tag)) Creator(scope, (await reader.Value(ct)).Span);
        else if (scope.SafePrivate(reader.Tag, reader.Vr) is not { } safe) Drop(Treatment.Remove);
        else if (safe.Family() is VrFamily.Number) await Number(safe, maxValues: 0, ct);
        else if (ValueGrammar.Accepts(safe, (await reader.Value(ct)).Span)) await CopyElement(safe, ct);
        else Drop(Treatment.Empty);
    }

    private void Creator(ItemScope scope, ReadOnlySpan<byte> value)
    {
        if (scope.TryReserve(reader.Tag, value)) writer.Element(reader.Tag, Vr.LO, value);
        else Drop(Treatment.Remove);
    }
}
