using System.Runtime.InteropServices;
using System.Text;
using Aegis.Dicom.Part10;

namespace Aegis.Dicom.Deidentification;

/// <summary>Carries a treatment out on the reader's current value.</summary>
internal sealed class ValueTreatment
{
    private const int MaxAgeYears = 89;

    private readonly DicomReader _reader;
    private readonly DicomWriter _writer;
    private readonly OutputBuffer _output;
    private readonly Rules _rules;
    private readonly ShiftedDates _dates;
    private readonly CodedEntries _codes;
    private readonly ItemScope[] _scopes = [.. Enumerable.Range(0, DicomLimits.SequenceDepth + 1).Select(_ => new ItemScope())];
    private readonly List<byte> _kept = new(UidMap.MaxBytes);

    public ValueTreatment(DicomReader reader, DicomWriter writer, OutputBuffer output, Rules rules, ShiftedDates dates)
    {
        (_reader, _writer, _output, _rules, _dates) = (reader, writer, output, rules, dates);
        Own = new(output, Dropped);
        _codes = new(reader, writer, Dropped, Own);
    }

    public DroppedValues Dropped { get; } = new();

    public OwnIdentity Own { get; }

    /// <summary>A vendor's SOP class stayed, or something of a look-up table was cut.</summary>
    public bool KeptPrivateClass { get; private set; }

    public bool HidBytes { get; private set; }

    public void EnterItem(int depth) => _scopes[depth].Reset();

    public void LeaveItem(int depth) => DropHeldCode(depth);

    public void DropHeldCode(int depth) => _codes.DropHeld(_scopes[depth]);

    public async ValueTask Treat(Treatment treatment, CancellationToken ct)
    {
        var scope = _scopes[_reader.Depth];
        if (treatment is not Treatment.CodeScheme) DropHeldCode(_reader.Depth);
        if (Tags.IsPrivate(_reader.Tag)) await Private(scope, ct);
        else if (LookupTables.IsData(_reader.Tag) && treatment is Treatment.Bulk or Treatment.Number) await Lookup(scope, ct);
        else if (treatment is Treatment.Bulk) await Bulk(scope, ct);
        else if (treatment is Treatment.Number) await Number(_reader.Vr.Width() > 0 ? _reader.Vr : _reader.Known!.Vr, _reader.Known!.MaxValues, ct);
        else if (treatment is Treatment.Remove or Treatment.Empty or Treatment.Dummy) Drop(treatment);
        else Inspect(treatment, scope, (await _reader.Value(ct)).Span);
    }

    /// <summary>Streams the current value as it is.</summary>
    public async ValueTask Copy(CancellationToken ct)
    {
        for (var piece = await _reader.Piece(ct); !piece.IsEmpty; piece = await _reader.Piece(ct)) await _output.Write(piece, ct);
    }

    public void Drop(Treatment treatment)
    {
        if (_reader.Length > 0) RefuseNeeded(_reader.Depth);
        var vr = _reader.Known?.Vr is { } known && treatment is Treatment.Dummy ? known : _reader.Vr;
        if (treatment is Treatment.Empty) _writer.Element(_reader.Tag, vr, []);
        else if (treatment is Treatment.Dummy) _writer.Element(_reader.Tag, vr, DummyValue.For(vr));
        if (treatment is not Treatment.Empty || _reader.Length > 0) Dropped.Count(treatment);
        if (_reader.Length > 0) Dropped.Name(_reader.Tag);
    }

    public void RefuseNeeded(int depth)
    {
        if (!NeededValues.Contains(_reader.Tag) || (depth > 0 && _reader.Tag is Tags.PixelData)) return; // an icon
        throw _reader.Fail(DicomErrors.ValueInvalid, "A value that readers of the picture need cannot be read with certainty.");
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
            case Treatment.CodeValue: _codes.Value(scope, value); break;
            case Treatment.CodeScheme: _codes.Scheme(scope, value); break;
            case Treatment.CodeVersion: _codes.Version(scope, value); break;
            case Treatment.CodeMeaning: _codes.Meaning(scope, value); break;
            case Treatment.LongCode: _codes.Long(scope, value); break;
            default: Drop(Treatment.Empty); break;
        }
    }

    private void Remap(ReadOnlySpan<byte> value)
    {
        Span<byte> to = stackalloc byte[UidMap.MaxBytes];
        _kept.Clear();
        foreach (var part in value.Split((byte)'\\'))
        {
            if (part.Start.Value > 0) _kept.Add((byte)'\\');
            var uid = value[part].Trim(" \0"u8);
            if (uid.IsEmpty) continue;
            var length = _rules.Uids.Map(_reader.Tag, uid, to);
            if (!uid.SequenceEqual(to[..length]))
            {
                Dropped.Remapped++;
                if (UidRegistry.IsClass(_reader.Tag)) Dropped.Name(_reader.Tag); // nobody can tell what the object is now
            }
            else if (!uid.StartsWith("1.2.840.10008."u8)) KeptPrivateClass |= UidRegistry.IsClass(_reader.Tag);
            _kept.AddRange(to[..length]);
        }
        _writer.Element(_reader.Tag, Vr.UI, CollectionsMarshal.AsSpan(_kept));
    }

    private void Grammar(ReadOnlySpan<byte> value)
    {
        // Whatever the file calls it: a decimal must be a decimal, and a code that is called something else must be a known one.
        var known = _reader.Known?.Vr is { } vr && vr.Family() is VrFamily.Grammar ? vr : _reader.Vr;
        if (HasTooMany(value))
        {
            Drop(Treatment.Empty);
            return;
        }
        _kept.Clear();
        var (dropped, left) = GrammarValues.Keep(_reader.Tag, known, known != _reader.Vr, value, _kept, known is Vr.CS ? Own : null);
        if (_reader.Tag is Tags.Modality && left && !DefinedTerms.Has(Tags.Modality, Encoding.ASCII.GetString(CollectionsMarshal.AsSpan(_kept)))) Modality();
        else if (dropped && !left) Drop(Treatment.Empty);
        else if (known is Vr.AS) Age(value);
        else
        {
            if (dropped)
            {
                RefuseNeeded(_reader.Depth);
                Dropped.Name(_reader.Tag);
                Dropped.Count(Treatment.Empty);
            }
            _writer.Element(_reader.Tag, known, CollectionsMarshal.AsSpan(_kept));
            if (known is Vr.CS) Own.Wrote(_reader.Tag, _kept.Count);
        }
    }

    // No defined term: what kind of picture it is nobody knows, and PixelRisk asks somebody to look.
    private void Modality()
    {
        _writer.Element(Tags.Modality, Vr.CS, Encoding.ASCII.GetBytes(DefinedTerms.OtherModality));
        Dropped.Count(Treatment.Dummy);
        Dropped.Name(Tags.Modality);
    }

    private void Age(ReadOnlySpan<byte> value)
    {
        if (value is not [>= (byte)'0' and <= (byte)'9', _, _, (byte)'Y'] || int.Parse(value[..3], null) <= MaxAgeYears)
        {
            if (value.Length is 0 or 4) _writer.Element(_reader.Tag, Vr.AS, value);
            else Drop(Treatment.Empty);
            return;
        }
        _writer.Element(_reader.Tag, Vr.AS, "090Y"u8);
        Dropped.Cleaned++;
    }

    private void Date(ReadOnlySpan<byte> value)
    {
        if (_dates.Write(_reader.Tag, _reader.Vr, value)) Dropped.Cleaned++;
        else Drop(AttributePolicy.Basic(_reader.Tag, _reader.Known));
    }

    private void Clean(ReadOnlySpan<byte> value)
    {
        var cleaned = DescriptorCleaner.Clean(_reader.Vr, value);
        if (cleaned.Length == 0)
        {
            Drop(ProfileTable.Find(_reader.Tag) is null ? Treatment.Empty : AttributePolicy.Basic(_reader.Tag, _reader.Known));
            return;
        }
        _writer.Element(_reader.Tag, _reader.Vr, cleaned);
        Dropped.Cleaned++;
    }

    private void Text(ReadOnlySpan<byte> value)
    {
        // A reviewed attribute holds a term. More of them than it has, or what is none, was used for something else.
        if (HasTooMany(value) || !ValueGrammar.IsTerm(_reader.Known?.Vr ?? _reader.Vr, value) || Own.IsIn(_reader.Tag, value))
        {
            Drop(Treatment.Empty);
            return;
        }
        _writer.Element(_reader.Tag, _reader.Vr, value);
        Own.Wrote(_reader.Tag, value.Length);
    }

    // Each value stays when every word of it is known, and keeps its place among the others.
    private void Words(ReadOnlySpan<byte> value)
    {
        _kept.Clear();
        var dropped = false;
        foreach (var part in value.Split((byte)'\\'))
        {
            if (part.Start.Value > 0) _kept.Add((byte)'\\');
            var text = value[part].Trim(" \0"u8);
            if (DescriptorCleaner.KnowsAll(text)) _kept.AddRange(text);
            else dropped = true;
        }
        if (dropped)
        {
            Dropped.Count(Treatment.Empty);
            Dropped.Name(_reader.Tag);
        }
        _writer.Element(_reader.Tag, _reader.Vr, CollectionsMarshal.AsSpan(_kept));
    }

    private void CharacterSet(ReadOnlySpan<byte> value)
    {
        var terms = Encoding.Latin1.GetString(value).Split('\\').Select(DefinedTerms.CharacterSet).ToList();
        if (terms.Contains(null)) Drop(Treatment.Empty);
        else _writer.Element(_reader.Tag, Vr.CS, Encoding.ASCII.GetBytes(string.Join('\\', terms)));
    }

    private bool HasTooMany(ReadOnlySpan<byte> value) =>
        _reader.Known is { MaxValues: > 0 } known && value.Count((byte)'\\') >= known.MaxValues;

    private async ValueTask Lookup(ItemScope scope, CancellationToken ct)
    {
        var length = LookupTables.IsSegmented(_reader.Tag) && _reader.Length <= DicomLimits.InspectedValue
            ? (uint)scope.Tables.SegmentedLength(_reader.Tag, (await _reader.Value(ct)).Span)
            : scope.Tables.Length(_reader.Tag, _reader.Length);
        if (length == 0)
        {
            Drop(Treatment.Remove);
            return;
        }
        await Cut(length, ct);
    }

    // Of waveforms as many samples as they say, as of look-up tables; what describes a sample is no longer than one.
    private ValueTask Bulk(ItemScope scope, CancellationToken ct)
    {
        if (WaveformFacts.IsSample(_reader.Tag) && _reader.Length > WaveformFacts.MaxSampleBytes) Drop(Treatment.Remove);
        else if (WaveformFacts.IsData(_reader.Tag) && scope.Waveform.Bytes is { } bytes && bytes < _reader.Length) return Cut((uint)bytes, ct);
        else return CopyElement(BulkVr, ct);
        return default;
    }

    public async ValueTask Cut(uint length, CancellationToken ct)
    {
        _writer.Header(_reader.Tag, BulkVr, length);
        var left = length;
        for (var piece = await _reader.Piece(ct); !piece.IsEmpty; piece = await _reader.Piece(ct))
        {
            var count = (int)Math.Min(left, piece.Length);
            HidBytes |= piece.Span[count..].IndexOfAnyExcept((byte)0) >= 0;
            await _output.Write(piece[..count], ct);
            left -= (uint)count;
        }
        _writer.PadOdd(BulkVr, length);
    }

    // Bytes that a file calls numbers are written as the dictionary has them.
    private Vr BulkVr => _reader.Vr.Family() is VrFamily.Number && _reader.Known!.Vr is not Vr.UsOrOw ? _reader.Known.Vr : _reader.Vr;

    private async ValueTask Number(Vr vr, int maxValues, CancellationToken ct)
    {
        var width = (uint)vr.Width();
        // A number of another length, or more of them than the attribute has, is not what the dictionary says.
        if (width == 0 || _reader.Length % width != 0 || (maxValues > 0 && _reader.Length > maxValues * width))
        {
            Drop(Treatment.Remove);
            return;
        }
        if (WaveformFacts.Wants(_reader.Tag)) _scopes[_reader.Depth].Waveform.Note(_reader.Tag, (await _reader.Value(ct)).Span);
        if (LookupTables.IsDescriptor(_reader.Tag)) _scopes[_reader.Depth].Tables.Note(_reader.Tag, (await _reader.Value(ct)).Span);
        await CopyElement(vr, ct);
    }

    private async ValueTask CopyElement(Vr vr, CancellationToken ct)
    {
        _writer.Header(_reader.Tag, vr, _reader.Length);
        await Copy(ct);
        _writer.PadOdd(vr, _reader.Length);
    }

    private async ValueTask Private(ItemScope scope, CancellationToken ct)
    {
        if (!_rules.Options.KeepSafePrivate) Drop(Treatment.Remove);
        else if (Tags.IsPrivateCreator(_reader.Tag)) Creator(scope, (await _reader.Value(ct)).Span);
        else if (scope.SafePrivate(_reader.Tag, _reader.Vr) is not { } safe) Drop(Treatment.Remove);
        else if (safe.Family() is VrFamily.Number) await Number(safe, maxValues: 0, ct);
        else if (ValueGrammar.Accepts(safe, (await _reader.Value(ct)).Span)) await CopyElement(safe, ct);
        else Drop(Treatment.Empty);
    }

    private void Creator(ItemScope scope, ReadOnlySpan<byte> value)
    {
        if (scope.TryReserve(_reader.Tag, value)) _writer.Element(_reader.Tag, Vr.LO, value);
        else Drop(Treatment.Remove);
    }
}
