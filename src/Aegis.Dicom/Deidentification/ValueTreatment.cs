using System.Runtime.InteropServices;
using System.Text;
using Aegis.Dicom.Part10;

namespace Aegis.Dicom.Deidentification;

/// <summary>Carries a treatment out on the reader's current value.</summary>
internal sealed class ValueTreatment(DicomReader reader, DicomWriter writer, OutputBuffer output, Rules rules)
{
    private const int OldestYears = 89;
    private readonly ItemScope[] _scopes = [.. Enumerable.Range(0, DicomLimits.SequenceDepth + 1).Select(_ => new ItemScope())];
    private readonly List<byte> _uids = new(UidMap.MostBytes);
    private int _removed, _replaced, _remapped, _cleaned;

    public TreatmentCounts Counts => new(_removed, _replaced, _remapped, _cleaned);

    public void EnterItem(int depth) => _scopes[depth].Reset();

    public void LeaveItem(int depth) => DropHeldCode(depth);

    /// <summary>A Code Value whose scheme did not follow at once is of no known scheme.</summary>
    public void DropHeldCode(int depth)
    {
        if (!_scopes[depth].HoldsCode) return;
        _scopes[depth].TakeCode();
        writer.Element(Tags.CodeValue, Vr.SH, []);
        _replaced++;
    }

    public void Count(Treatment treatment)
    {
        if (treatment is Treatment.Remove) _removed++;
        else _replaced++;
    }

    public async ValueTask Treat(Treatment treatment, CancellationToken ct)
    {
        var scope = _scopes[reader.Depth];
        if (treatment is not Treatment.CodeScheme) DropHeldCode(reader.Depth);
        if (Tags.IsPrivate(reader.Tag)) await Private(scope, ct);
        else if (treatment is Treatment.Bulk) await CopyElement(reader.Vr, ct);
        else if (treatment is Treatment.Number) await Number(reader.Vr, reader.Known!.MostValues, ct);
        else if (treatment is Treatment.Remove or Treatment.Empty or Treatment.Dummy) Drop(treatment);
        else Inspect(treatment, scope, (await reader.Value(ct)).Span);
    }

    /// <summary>Streams the current value as it is.</summary>
    public async ValueTask Copy(CancellationToken ct)
    {
        for (var piece = await reader.Piece(ct); !piece.IsEmpty; piece = await reader.Piece(ct)) await output.Write(piece, ct);
    }

    private void Inspect(Treatment treatment, ItemScope scope, ReadOnlySpan<byte> value)
    {
        switch (treatment)
        {
            case Treatment.Remap: Remap(value); break;
            case Treatment.Grammar: Grammar(reader.Vr, value); break;
            case Treatment.Date: Date(value); break;
            case Treatment.Clean: Clean(value); break;
            case Treatment.Text: Text(value); break;
            case Treatment.CodeValue:
                if (HidesText(value) || !scope.TryHold(value)) Drop(Treatment.Empty);
                break;
            case Treatment.CodeScheme: CodeScheme(scope, value); break;
            case Treatment.CodeText when scope.HasPublicScheme: Text(value); break;
            default: Drop(Treatment.Empty); break;
        }
    }

    private void Drop(Treatment treatment)
    {
        var vr = reader.Known?.Vr is { } known && treatment is Treatment.Dummy ? known : reader.Vr;
        if (treatment is Treatment.Empty) writer.Element(reader.Tag, vr, []);
        else if (treatment is Treatment.Dummy) writer.Element(reader.Tag, vr, DummyValue.For(vr));
        if (treatment is not Treatment.Empty || reader.Length > 0) Count(treatment);
    }

    private void Remap(ReadOnlySpan<byte> value)
    {
        Span<byte> to = stackalloc byte[UidMap.MostBytes];
        _uids.Clear();
        foreach (var part in value.Split((byte)'\\'))
        {
            if (part.Start.Value > 0) _uids.Add((byte)'\\');
            var uid = value[part].Trim(" \0"u8);
            if (uid.IsEmpty) continue;
            var length = rules.Uids.Map(uid, to);
            if (!uid.SequenceEqual(to[..length])) _remapped++;
            _uids.AddRange(to[..length]);
        }
        writer.Element(reader.Tag, Vr.UI, CollectionsMarshal.AsSpan(_uids));
    }

    private void Grammar(Vr vr, ReadOnlySpan<byte> value)
    {
        // A decimal that calls itself a code string must still be a decimal.
        var known = reader.Known?.Vr ?? vr;
        if (HasTooMany(value) || !ValueGrammar.Accepts(vr, value) || (known != vr && !ValueGrammar.Accepts(known, value))) Drop(Treatment.Empty);
        else if (vr is Vr.AS) Age(value);
        else writer.Element(reader.Tag, vr, value);
    }

    private void Age(ReadOnlySpan<byte> value)
    {
        if (value is not [>= (byte)'0' and <= (byte)'9', _, _, (byte)'Y'] || int.Parse(value[..3], null) <= OldestYears)
        {
            if (value.Length is 0 or 4) writer.Element(reader.Tag, Vr.AS, value);
            else Drop(Treatment.Empty);
            return;
        }
        writer.Element(reader.Tag, Vr.AS, "090Y"u8);
        _cleaned++;
    }

    private void Date(ReadOnlySpan<byte> value)
    {
        if (rules.Dates.Apply(reader.Vr, value) is not { } changed)
        {
            Drop(AttributePolicy.Basic(reader.Tag, reader.Known));
            return;
        }
        writer.Element(reader.Tag, reader.Vr, changed);
        _cleaned++;
    }

    private void Clean(ReadOnlySpan<byte> value)
    {
        var cleaned = DescriptorCleaner.Clean(reader.Vr, value);
        if (cleaned.Length == 0)
        {
            Drop(AttributePolicy.Basic(reader.Tag, reader.Known));
            return;
        }
        writer.Element(reader.Tag, reader.Vr, cleaned);
        _cleaned++;
    }

    private void Text(ReadOnlySpan<byte> value)
    {
        // A reviewed attribute holds a term. A value too long to be one, or more of them than it has, was used for something else.
        if (HasTooMany(value) || HidesText(value))
        {
            Drop(Treatment.Empty);
            return;
        }

        foreach (var part in value.Split((byte)'\\'))
        {
            if (value[part].Length <= TermBytes(reader.Known?.Vr ?? reader.Vr)) continue;
            Drop(Treatment.Empty);
            return;
        }
        writer.Element(reader.Tag, reader.Vr, value);
    }

    private bool HasTooMany(ReadOnlySpan<byte> value) =>
        reader.Known is { MostValues: > 0 } known && value.Count((byte)'\\') >= known.MostValues;

    // A NUL ends what viewers show; what stands behind it was reviewed by nobody.
    private static bool HidesText(ReadOnlySpan<byte> value) => value.TrimEnd(" \0"u8).Contains((byte)0);

    // The characters each representation allows (PS3.5 table 6.2-1), four bytes each.
    private static int TermBytes(Vr vr) => vr switch
    {
        Vr.SH or Vr.AE => 16 * 4,
        Vr.LO => 64 * 4,
        _ => 1024 * 4,
    };

    // Of a list of ours, so at most 64 characters; what is longer would carry more than the name.
    private static string Name(ReadOnlySpan<byte> value) => value.Length <= 64 ? Encoding.Latin1.GetString(value).Trim(' ', '\0') : "";

    private void CodeScheme(ItemScope scope, ReadOnlySpan<byte> value)
    {
        scope.HasPublicScheme = AllowLists.IsPublicScheme(Name(value));
        if (!scope.HasPublicScheme)
        {
            DropHeldCode(reader.Depth);
            Drop(Treatment.Empty);
            return;
        }
        if (scope.HoldsCode) writer.Element(Tags.CodeValue, Vr.SH, scope.TakeCode());
        writer.Element(reader.Tag, reader.Vr, value);
    }

    private async ValueTask Number(Vr vr, int mostValues, CancellationToken ct)
    {
        var width = (uint)vr.Width();
        // A number of another length, or more of them than the attribute has, is not what the dictionary says.
        if (width == 0 || reader.Length % width != 0 || (mostValues > 0 && reader.Length > mostValues * width)) Drop(Treatment.Remove);
        else await CopyElement(vr, ct);
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
        else if (scope.CreatorOf(reader.Tag) is not { } creator || AllowLists.FindPrivate(creator, reader.Tag) is not { } safe
            || (reader.Vr != safe.Vr && reader.Vr is not Vr.UN)) Drop(Treatment.Remove);
        else if (safe.Vr.Family() is VrFamily.Number) await Number(safe.Vr, mostValues: 0, ct);
        else Grammar(safe.Vr, (await reader.Value(ct)).Span);
    }

    private void Creator(ItemScope scope, ReadOnlySpan<byte> value)
    {
        var creator = Name(value);
        if (!AllowLists.IsSafeCreator(creator, reader.Tag >> 16))
        {
            Drop(Treatment.Remove);
            return;
        }
        scope.Reserve(reader.Tag, creator);
        writer.Element(reader.Tag, Vr.LO, value);
    }
}
