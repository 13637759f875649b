using Aegis.Dicom.Part10;

namespace Aegis.Dicom.Deidentification;

/// <summary>
/// One instance on its way through. The head of the output waits until Burned In Annotation (0028,0301) has passed,
/// because (0012,0062) before it may not claim more than the pixels allow.
/// </summary>
internal sealed class InstancePass
{
    private readonly DataSet _dataSet;
    private readonly OutputBuffer _output;
    private readonly FileMeta _meta;
    private readonly Rules _rules;
    private readonly SourceFacts _facts;
    private readonly DicomReader _reader;
    private readonly DicomWriter _writer;
    private readonly ValueTreatment _values;
    private uint _lastTag;
    private int _statementPosition = -1;
    private bool _temporalWritten;
    private bool _identityRemoved;
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
        _values = new(_reader, _writer, output, rules);
    }

    /// <summary>Hears the SOP Instance UID of the output before its first byte is written.</summary>
    public Action<string>? Identified { get; init; }

    public async Task<InstanceReport> Run(CancellationToken ct)
    {
        _output.Hold();
        for (var token = await _reader.Next(ct); token is not Token.End; token = await _reader.Next(ct))
        {
            await Pass(token, ct);
            await _output.Settle(ct);
        }
        await Reach(uint.MaxValue, ct);
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
            case Token.Fragment: return Fragment(ct);
            case Token.ItemStart:
                _values.EnterItem(_reader.Depth);
                _writer.ItemStart();
                break;
            case Token.ItemEnd:
                _values.LeaveItem(_reader.Depth);
                _writer.ItemEnd();
                break;
            case Token.SequenceEnd or Token.FragmentsEnd:
                _writer.SequenceEnd();
                break;
        }
        return default;
    }

    private async ValueTask Element(CancellationToken ct)
    {
        if (_reader.Depth == 0)
        {
            await Reach(_reader.Tag, ct);
            if (_reader.Tag is Tags.PixelData && _dataSet.Syntax.Encapsulated && _reader.Length > 0)
                throw _reader.Fail(DicomErrors.TransferSyntaxMismatch, "The transfer syntax says that the pixel data is encapsulated, and it is not.");
            // An identifier that calls itself something else is removed, so the instance lacks it.
            if (SourceFacts.Wants(_reader.Tag) && (_reader.Vr is Vr.UI || _reader.Known is not { Vr: Vr.UI })) _facts.Note(_reader.Tag, (await _reader.Value(ct)).Span);
            _writer.SignedPixels = _facts.SignedPixels;
        }
        await _values.Treat(_rules.Policy.Decide(_reader.Tag, _reader.Vr, _reader.Known), ct);
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
        _values.Count(treatment);
        if (treatment is not Treatment.Remove) _writer.EmptySequence(_reader.Tag, withEmptyItem: treatment is Treatment.Dummy);
        await _reader.SkipSequence(ct);
    }

    private async ValueTask Fragments(CancellationToken ct)
    {
        if (_reader.Depth == 0) await Reach(_reader.Tag, ct);
        _values.DropHeldCode(_reader.Depth);
        _writer.FragmentsStart(_reader.Tag, _reader.Vr);
    }

    private async ValueTask Fragment(CancellationToken ct)
    {
        _writer.FragmentHeader(_reader.Length);
        await _values.Copy(ct);
    }

    // Called with each top-level tag: puts in what belongs before it.
    private async ValueTask Reach(uint tag, CancellationToken ct)
    {
        if (tag <= _lastTag) throw _reader.Fail(DicomErrors.TagOrder, "The attributes are not in ascending order.");
        _lastTag = tag;
        _values.DropHeldCode(0);
        if (_statementPosition < 0 && tag >= Tags.IdentityRemoved) _statementPosition = _output.Count;
        if (_output.Held && tag > Tags.BurnedInAnnotation) await Release(ct);
        if (!_temporalWritten && tag >= Tags.TemporalModified)
        {
            _writer.Element(Tags.TemporalModified, Vr.CS, Statement.Temporal(_rules.Options));
            _temporalWritten = true;
        }
    }

    private async ValueTask Release(CancellationToken ct)
    {
        Require(_facts.SopClass, Tags.SopClass);
        Require(_facts.SopInstance, Tags.SopInstance);
        Require(_facts.StudyInstance, Tags.StudyInstance);
        Require(_facts.SeriesInstance, Tags.SeriesInstance);
        _risks = PixelRisk.Find(_facts);
        _identityRemoved = _risks.Count == 0 || _rules.Options.PixelsVerified;

        Identified?.Invoke(_rules.Uids.Map(_facts.SopInstance));
        using var head = new OutputBuffer(Stream.Null);
        (_meta with { SopClass = _rules.Uids.Map(_facts.SopClass), SopInstance = _rules.Uids.Map(_facts.SopInstance) }).Write(head);
        using var statement = new OutputBuffer(Stream.Null);
        Statement.Write(new(statement, _meta.Syntax.ExplicitVr), _rules.Options, _identityRemoved);
        await _output.Release(head.Gathered, _statementPosition, statement.Gathered, ct);
    }

    private void Require(string uid, uint tag)
    {
        if (uid.Length == 0) throw new DicomException(DicomErrors.IdentifierMissing, "An identifier every instance needs is missing.", _dataSet.Window.Position, tag);
    }

    private InstanceReport Report() => new()
    {
        Patient = _facts.Patient,
        HasPatientName = _facts.HasPatientName,
        HasBirthDate = _facts.HasBirthDate,
        PatientId = _facts.PatientId,
        PatientSex = _facts.PatientSex,
        AccessionNumber = _facts.AccessionNumber,
        StudyDate = _facts.StudyDate,
        OriginalStudyUid = _facts.StudyInstance,
        StudyUid = _rules.Uids.Map(_facts.StudyInstance),
        SeriesUid = _rules.Uids.Map(_facts.SeriesInstance),
        SopInstanceUid = _rules.Uids.Map(_facts.SopInstance),
        SopClassUid = _rules.Uids.Map(_facts.SopClass),
        TransferSyntaxUid = _meta.Syntax.Uid,
        Modality = _facts.Modality,
        Frames = _facts.Frames,
        PixelRisks = _risks,
        IdentityRemoved = _identityRemoved,
        Warnings = [.. Warnings()],
        BytesRead = _dataSet.Window.Position,
        BytesWritten = _output.Written,
        Counts = _values.Counts,
    };

    private IEnumerable<string> Warnings()
    {
        if (_facts.ShowsFace) yield return InstanceWarning.FacialFeatures;
        if (_reader.HadTrailingZeros) yield return InstanceWarning.TrailingPadding;
        if (!_facts.CharacterSetKnown) yield return InstanceWarning.CharacterSetUnknown;
        if (_dataSet.IsCorrected) yield return InstanceWarning.TransferSyntaxCorrected;
        if (_meta.SopClass != _facts.SopClass || _meta.SopInstance != _facts.SopInstance) yield return InstanceWarning.MetaDisagrees;
    }
}
