using System.Text;
using Aegis.Dicom.Dictionary;
using Aegis.Dicom.Part10;
using Aegis.Dicom.Pixels;

namespace Aegis.Dicom.Deidentification;

/// <summary>
/// One instance on its way through. <see cref="ValueTreatment"/> treats what <see cref="AttributePolicy"/> decides, <see cref="PixelPass"/> the
/// pixels. The head of the output waits: (0012,0062) may not claim more than Burned In Annotation (0028,0301) allows, dates and pseudonym hang
/// on the patient, who comes after them, and the transfer syntax on the first bytes of the pixel data.
/// </summary>
internal sealed class InstancePass
{
    // Held longer only for the pixels' own syntax. What is larger before them is no picture's head.
    private const int MaxHeldForPixels = 1 << 20;

    private readonly DataSet _dataSet;
    private readonly OutputBuffer _output;
    private readonly Rules _rules;
    private readonly SourceFacts _facts;
    private readonly DicomReader _reader;
    private readonly DicomWriter _writer;
    private readonly ShiftedDates _dates;
    private readonly ValueTreatment _values;
    private readonly PixelPass _pixels;
    private FileMeta _meta;
    private uint _lastTag;
    private int _statementPosition = -1;
    private bool _temporalWritten, _isReleasable, _correctedPixels, _droppedTable;
    private bool _identityRemoved;
    private Pseudonym? _pseudonym;
    private IReadOnlyList<string> _risks = [];

    /// <param name="dataSet">What is read.</param>
    /// <param name="output">Where it goes.</param>
    /// <param name="meta">As the file has it, but with the syntax that is written.</param>
    /// <param name="rules">What is done to it.</param>
    public InstancePass(DataSet dataSet, OutputBuffer output, FileMeta meta, Rules rules)
    {
        (_dataSet, _output, _meta, _rules) = (dataSet, output, meta, rules);
        _facts = new(meta.Syntax);
        _reader = new(dataSet.Window, dataSet.Syntax);
        _writer = new(output, meta.Syntax.ExplicitVr);
        _dates = new(_writer, output, rules.Options.Dates);
        _values = new(_reader, _writer, output, rules, _dates);
        _pixels = new(_reader, _writer, output, _facts.Pixels);
    }

    /// <summary>Hears the SOP Instance UID of the output before its first byte is written.</summary>
    public Action<string>? Identified { get; init; }

    public async Task<InstanceReport> Run(CancellationToken ct)
    {
        _output.Hold();
        for (var token = await _reader.Next(ct); token is not Token.End; token = await _reader.Next(ct))
        {
            await Pass(token, ct);
            if (_isReleasable && _output.Count > MaxHeldForPixels) await Release(ct);
            await _output.Settle(ct);
        }
        await Reach(uint.MaxValue, ct);
        foreach (var lost in _reader.LostTags.Where(NeededValues.Contains))
            throw _reader.Fail(DicomErrors.RepresentationInvalid, "The value representation of a value that readers need is not two letters.", lost);
        if (_output.Held) await Release(ct);
        await _output.Flush(ct);
        return Report();
    }

    private ValueTask Pass(Token token, CancellationToken ct)
    {
        switch (token)
        {
            case Token.Element: return Element(ct);
            case Token.SequenceStart: return Sequence(ct);
            case Token.FragmentsStart: return Fragments(ct);
            case Token.Fragment: return _pixels.Fragment(ct);
            case Token.ItemStart:
                _values.EnterItem(_reader.Depth);
                _writer.ItemStart();
                break;
            case Token.ItemEnd:
                _values.LeaveItem(_reader.Depth);
                _writer.ItemEnd();
                break;
            case Token.FragmentsEnd:
                _pixels.End();
                _writer.SequenceEnd();
                break;
            case Token.SequenceEnd:
                _writer.SequenceEnd();
                break;
        }
        return default;
    }

    private async ValueTask Element(CancellationToken ct)
    {
        if (_reader.Depth == 0 && await TopLevel(ct)) return;
        if (_isReleasable && _reader.Length > MaxHeldForPixels) await Release(ct);
        // Pixels inside an item are an icon's; nothing there says how large they are. Nor does anything of spectra without points.
        var isSpectra = _reader.Tag is Tags.SpectroscopyData;
        var isUnknown = _reader.Depth > 0 ? isSpectra || _reader.Tag >> 16 == Tags.PixelData >> 16 : isSpectra && _facts.Pixels.SpectraBytes == 0;
        var treatment = isUnknown ? Treatment.Remove : _rules.Policy.Decide(_reader.Tag, _reader.Vr, _reader.Known);
        if (isSpectra && treatment is Treatment.Bulk && _facts.Pixels.SpectraBytes < _reader.Length) await _values.Cut(_facts.Pixels.SpectraBytes, ct);
        else await _values.Treat(treatment, ct);
    }

    /// <summary>What stands at the top level only; true when it was dealt with.</summary>
    private async ValueTask<bool> TopLevel(CancellationToken ct)
    {
        await Reach(_reader.Tag, ct);
        if (_reader.Tag is Tags.PixelData && _dataSet.Syntax.Encapsulated && _reader.Length > 0)
            throw _reader.Fail(DicomErrors.TransferSyntaxMismatch, "The transfer syntax says that the pixel data is encapsulated, and it is not.");
        // An identifier that calls itself something else is removed, so the instance lacks it.
        if (SourceFacts.Wants(_reader.Tag) && (_reader.Vr is Vr.UI || _reader.Known is not { Vr: Vr.UI })) _facts.Note(_reader.Tag, (await _reader.Value(ct)).Span);
        _writer.SignedPixels = _facts.Pixels.IsSigned;
        if (_reader.Tag is Tags.PatientName or Tags.PatientId)
        {
            _dates.WriteName(_reader.Tag, _reader.Known!.Vr);
            _values.Dropped.Count(Treatment.Dummy);
            return true;
        }
        if (_reader.Tag is Tags.ExtendedOffsets or Tags.ExtendedLengths) return await DropTable(ct);
        if (!IsPixels(_reader.Tag) || _rules.Policy.Decide(_reader.Tag, _reader.Vr, _reader.Known) is not (Treatment.Bulk or Treatment.Number)) return false;
        if (_output.Held) await Release(ct);
        if (!_facts.Pixels.HasWidthOf(_reader.Tag))
        {
            _values.Drop(Treatment.Remove); // no reader takes numbers of another width for the picture
            return true;
        }
        await _pixels.Native(_reader.Vr.Family() is VrFamily.Number ? Vr.OW : _reader.Vr, ct);
        return true;
    }

    // Tables of fragments say nothing of native pixels, and what is none of them may be a text.
    private async ValueTask<bool> DropTable(CancellationToken ct)
    {
        var isTable = _dataSet.Syntax.Encapsulated && !_droppedTable && await _pixels.Table(ct);
        _droppedTable |= !isTable;
        if (isTable) return false;
        _values.Drop(Treatment.Remove);
        return true;
    }

    private async ValueTask Sequence(CancellationToken ct)
    {
        var outer = _reader.Depth - 1;
        if (outer == 0) await Reach(_reader.Tag, ct);
        _values.DropHeldCode(outer);
        var treatment = _rules.Policy.Decide(_reader.Tag, _reader.Vr, _reader.Known);
        if (treatment is Treatment.Descend)
        {
            _writer.SequenceStart(_reader.Tag);
            return;
        }
        _values.RefuseNeeded(outer);
        _values.Dropped.Count(treatment);
        _values.Dropped.Name(_reader.Tag);
        if (treatment is not Treatment.Remove) _writer.EmptySequence(_reader.Tag, withEmptyItem: treatment is Treatment.Dummy);
        await _reader.SkipSequence(ct);
    }

    private async ValueTask Fragments(CancellationToken ct)
    {
        _values.DropHeldCode(_reader.Depth);
        if (_reader.Depth > 0)
        {
            _values.Dropped.Count(Treatment.Remove);
            _values.Dropped.Name(_reader.Tag);
            await _reader.SkipSequence(ct);
            return;
        }
        var (tag, vr) = (_reader.Tag, _reader.Vr);
        await Reach(tag, ct);
        var found = Codestream.Detect((await _reader.PeekFragments(Codestream.HeadBytes, ct)).Span);
        if (found is null && !_dataSet.Syntax.Encapsulated)
            throw _reader.Fail(DicomErrors.TransferSyntaxMismatch, "The pixel data is encapsulated, and the transfer syntax says that it is not.");
        if (found is not null && !_dataSet.Syntax.Video && !Codestream.Agree(_meta.Syntax, found)) Correct(found);
        if (_output.Held) await Release(ct);
        _writer.FragmentsStart(tag, vr);
        _pixels.Begin(_meta.Syntax, found);
    }

    // The codestream itself decides what the output says of it.
    private void Correct(TransferSyntax found)
    {
        if (!_output.Held) throw _reader.Fail(DicomErrors.TransferSyntaxMismatch, "The pixel data is not compressed as the transfer syntax says.");
        _meta = _meta with { Syntax = found };
        _correctedPixels = true;
    }

    private static bool IsPixels(uint tag) => tag is Tags.PixelData or Tags.FloatPixelData or Tags.DoublePixelData;

    // Called with each top-level tag: puts in what belongs before it.
    private async ValueTask Reach(uint tag, CancellationToken ct)
    {
        if (tag <= _lastTag) throw _reader.Fail(DicomErrors.TagOrder, "The attributes are not in ascending order.");
        _values.DropHeldCode(0);
        // Whoever reads the output must be able to tell two people apart.
        if (_lastTag < Tags.PatientName && tag > Tags.PatientName) _dates.WriteName(Tags.PatientName, Vr.PN);
        if (_lastTag < Tags.PatientId && tag > Tags.PatientId) _dates.WriteName(Tags.PatientId, Vr.LO);
        _lastTag = tag;
        if (_statementPosition < 0 && tag >= Tags.IdentityRemoved) _statementPosition = _output.Count;
        if (_pseudonym is null && tag > Tags.StudyInstance) await NamePatient(ct);
        if (_output.Held) _isReleasable = tag > Tags.BurnedInAnnotation;
        if (!_temporalWritten && tag >= Tags.TemporalModified)
        {
            _writer.Element(Tags.TemporalModified, Vr.CS, Statement.Temporal(_rules.Options));
            _temporalWritten = true;
        }
    }

    private async ValueTask NamePatient(CancellationToken ct)
    {
        (_pseudonym, var dates) = await _rules.Patient(_facts, ct);
        _dates.Resolve(Encoding.ASCII.GetBytes(_pseudonym.Text), dates);
        _values.Own.Resolve(_facts);
    }

    private async ValueTask Release(CancellationToken ct)
    {
        Require(_facts.SopClass, Tags.SopClass);
        Require(_facts.SopInstance, Tags.SopInstance);
        Require(_facts.StudyInstance, Tags.StudyInstance);
        Require(_facts.SeriesInstance, Tags.SeriesInstance);
        _isReleasable = false;
        _risks = PixelRisk.Find(_facts);
        _identityRemoved = _risks.Count == 0 || _rules.Options.PixelsVerified;

        Identified?.Invoke(_rules.Uids.Map(Tags.SopInstance, _facts.SopInstance));
        using var head = new OutputBuffer(Stream.Null);
        (_meta with { SopClass = _rules.Uids.Map(Tags.SopClass, _facts.SopClass), SopInstance = _rules.Uids.Map(Tags.SopInstance, _facts.SopInstance) }).Write(head);
        using var statement = new OutputBuffer(Stream.Null);
        Statement.Write(new(statement, _meta.Syntax.ExplicitVr), _rules.Options, _identityRemoved);
        await _output.Release(head.Gathered, _statementPosition, statement.Gathered, ct);
    }

    private void Require(string uid, uint tag)
    {
        if (uid.Length == 0) throw new DicomException(DicomErrors.IdentifierMissing, "An identifier every instance needs is missing.", _dataSet.Window.Position, tag);
    }

    private InstanceReport Report()
    {
        // The head has left by the time the last pixel is seen; a caller that goes on without somebody's look has to drop the output.
        if (_pixels.HasForeignBits) _risks = [.. _risks, PixelRisk.UnusedBits];
        return new()
        {
            Patient = _facts.Patient,
            HasPatientName = _facts.HasPatientName,
            HasBirthDate = _facts.HasBirthDate,
            PatientId = _facts.PatientId,
            PatientSex = _facts.PatientSex,
            AccessionNumber = _facts.AccessionNumber,
            StudyDate = _facts.StudyDate,
            Pseudonym = _pseudonym!.Text,
            OriginalStudyUid = _facts.StudyInstance,
            StudyUid = _rules.Uids.Map(Tags.StudyInstance, _facts.StudyInstance),
            SeriesUid = _rules.Uids.Map(Tags.SeriesInstance, _facts.SeriesInstance),
            SopInstanceUid = _rules.Uids.Map(Tags.SopInstance, _facts.SopInstance),
            SopClassUid = _rules.Uids.Map(Tags.SopClass, _facts.SopClass),
            TransferSyntaxUid = _meta.Syntax.Uid,
            Modality = _facts.Modality,
            Frames = _facts.Pixels.Frames,
            PixelRisks = _risks,
            IdentityRemoved = _risks.Count == 0 || _rules.Options.PixelsVerified,
            Warnings = [.. Warnings()],
            DroppedTags = [.. _values.Dropped.Tags.Concat(_reader.LostTags.Where(x => DataDictionary.Find(x) is not null)).Distinct().Order().Select(Name)],
            BytesRead = _dataSet.Window.Position,
            BytesWritten = _output.Written,
            Counts = _values.Dropped.Counts,
        };
    }

    private IEnumerable<string> Warnings()
    {
        if (_facts.ShowsFace) yield return InstanceWarning.FacialFeatures;
        if (_reader.HadTrailingZeros) yield return InstanceWarning.TrailingPadding;
        if (!_facts.CharacterSetKnown) yield return InstanceWarning.CharacterSetUnknown;
        if (_dataSet.IsCorrected || _correctedPixels) yield return InstanceWarning.TransferSyntaxCorrected;
        if (_meta.SopClass != _facts.SopClass || _meta.SopInstance != _facts.SopInstance) yield return InstanceWarning.MetaDisagrees;
        if (_pseudonym!.Warning is { } weak) yield return weak;
        if (_values.KeptPrivateClass) yield return InstanceWarning.PrivateClass;
        if (_pixels.ClearedOverlay) yield return InstanceWarning.OverlayCleared;
        if (_pixels.HidBytes || _values.HidBytes) yield return InstanceWarning.HiddenBytesCleared;
        if (_values.Dropped.HasUnnamed || _values.Dropped.Tags.Count + _reader.LostTags.Count > 0) yield return InstanceWarning.ValuesDropped;
    }

    private static string Name(uint tag) => $"{tag >> 16:X4},{tag & 0xFFFF:X4}";
}
