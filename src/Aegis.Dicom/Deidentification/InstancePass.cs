namespace Aegis.Dicom.Deidentification;

/// <summary>
/// One instance on its way through. <see cref="ValueTreatment"/> treats what <see cref="AttributePolicy"/> decides, <see cref="PixelPass"/>
/// the pixels. The head of the output waits: (0012,0062) may not claim more than Burned In Annotation (0028,0301) allows, dates and
/// pseudonym hang on the patient, who comes after them, and the transfer syntax on the first bytes of the pixel data.
/// </summary>
internal sealed class InstancePass
{
    // Held longer only for the pixels' own syntax. What is larger before them is no picture's head.
    private const int MaxHeldForPixels = 1 << 20;

    private readonly DataSet dataSet;
    private readonly OutputBuffer output;
    private readonly Rules rules;
    private readonly SourceFacts facts;
    private readonly DicomReader reader;
    private readonly DicomWriter writer;
    private readonly ShiftedDates dates;
    private readonly ValueTreatment values;
    private readonly PixelPass pixels;
    private FileMeta meta;
    private uint lastTag;
    private int statementPosition = -1;
    private bool temporalWritten, isReleasable, correctedPixels, droppedTable, identityRemoved;
    private Pseudonym? pseudonym;
    private IReadOnlyList<string> risks = [];

    /// <param name="dataSet">What is read.</param>
    /// <param name="output">Where it goes.</param>
    /// <param name="meta">As the file has it, but with the syntax that is written.</param>
    /// <param name="rules">What is done to it.</param>
    public InstancePass(DataSet dataSet, OutputBuffer output, FileMeta meta, Rules rules)
    {
        (this.dataSet, this.output, this.meta, this.rules) = (dataSet, output, meta, rules);
        facts = new(meta.Syntax);
        reader = new(dataSet.Window, dataSet.Syntax);
        writer = new(output, meta.Syntax.ExplicitVr);
        dates = new(writer, output, rules.Options.Dates);
        values = new(reader, writer, output, rules, dates);
        pixels = new(reader, writer, output, facts.Pixels);
    }

    /// <summary>Hears the SOP Instance UID of the output before its first byte is written.</summary>
    public Action<string>? Identified { get; init; }

    public async Task<InstanceReport> Run(CancellationToken ct)
    {
        output.Hold();
        for (var token = await reader.Next(ct); token is not Token.End; token = await reader.Next(ct))
        {
            await Pass(token, ct);
            if (isReleasable && output.Count > MaxHeldForPixels) await Release(ct);
            await output.Settle(ct);
        }
        await Reach(uint.MaxValue, ct);
        foreach (var lost in reader.LostTags.Where(NeededValues.Contains))
            throw reader.Fail(DicomErrors.RepresentationInvalid,
                "The value representation of a value that readers need is not two letters.", lost);
        if (output.Held) await Release(ct);
        await output.Flush(ct);
        return Report();
    }

    private ValueTask Pass(Token token, CancellationToken ct)
    {
        switch (token)
        {
            case Token.Element: return Element(ct);
            case Token.SequenceStart: return Sequence(ct);
            case Token.FragmentsStart: return Fragments(ct);
            case Token.Fragment: return pixels.Fragment(ct);
            case Token.ItemStart:
                values.EnterItem(reader.Depth);
                writer.ItemStart();
                break;
            case Token.ItemEnd:
                values.LeaveItem(reader.Depth);
                writer.ItemEnd();
                break;
            case Token.FragmentsEnd:
                pixels.End();
                writer.SequenceEnd();
                break;
            case Token.SequenceEnd:
                writer.SequenceEnd();
                break;
        }
        return default;
    }

    private async ValueTask Element(CancellationToken ct)
    {
        if (reader.Depth == 0 && await TopLevel(ct)) return;
        if (isReleasable && reader.Length > MaxHeldForPixels) await Release(ct);
        // Pixels inside an item are an icon's; nothing there says how large they are. Nor does anything of spectra without points.
        var isSpectra = reader.Tag is Tags.SpectroscopyData;
        var isUnknown = reader.Depth > 0 ? isSpectra || reader.Tag >> 16 == Tags.PixelData >> 16 : isSpectra
            && facts.Pixels.SpectraBytes == 0;
        var treatment = isUnknown ? Treatment.Remove : rules.Policy.Decide(reader.Tag, reader.Vr, reader.Known);
        if (isSpectra && treatment is Treatment.Bulk && facts.Pixels.SpectraBytes < reader.Length)
            await values.Cut(facts.Pixels.SpectraBytes, ct);
        else await values.Treat(treatment, ct);
    }

    /// <summary>What stands at the top level only; true when it was dealt with.</summary>
    private async ValueTask<bool> TopLevel(CancellationToken ct)
    {
        await Reach(reader.Tag, ct);
        if (reader.Tag is Tags.PixelData && dataSet.Syntax.Encapsulated && reader.Length > 0)
            throw reader.Fail(DicomErrors.TransferSyntaxMismatch,
                "The transfer syntax says that the pixel data is encapsulated, and it is not.");
        // An identifier that calls itself something else is removed, so the instance lacks it.
        if (SourceFacts.Wants(reader.Tag) && (reader.Vr is Vr.UI || reader.Known is not { Vr: Vr.UI }))
            facts.Note(reader.Tag, (await reader.Value(ct)).Span);
        writer.SignedPixels = facts.Pixels.IsSigned;
        if (reader.Tag is Tags.PatientName or Tags.PatientId)
        {
            dates.WriteName(reader.Tag, reader.Known!.Vr);
            values.Dropped.Count(Treatment.Dummy);
            return true;
        }
        if (reader.Tag is Tags.ExtendedOffsets or Tags.ExtendedLengths) return await DropTable(ct);
        if (!IsPixels(reader.Tag) || rules.Policy.Decide(reader.Tag, reader.Vr, reader.Known) is not (Treatment.Bulk or Treatment.Number))
            return false;
        if (output.Held) await Release(ct);
        if (!facts.Pixels.HasWidthOf(reader.Tag))
        {
            values.Drop(Treatment.Remove); // no reader takes numbers of another width for the picture
            return true;
        }
        await pixels.Native(reader.Vr.Family() is VrFamily.Number ? Vr.OW : reader.Vr, ct);
        return true;
    }

    // Tables of fragments say nothing of native pixels, and what is none of them may be a text.
    private async ValueTask<bool> DropTable(CancellationToken ct)
    {
        var isTable = dataSet.Syntax.Encapsulated && !droppedTable && await pixels.Table(ct);
        droppedTable |= !isTable;
        if (isTable) return false;
        values.Drop(Treatment.Remove);
        return true;
    }

    private async ValueTask Sequence(CancellationToken ct)
    {
        var outer = reader.Depth - 1;
        if (outer == 0) await Reach(reader.Tag, ct);
        values.DropHeldCode(outer);
        var treatment = rules.Policy.Decide(reader.Tag, reader.Vr, reader.Known);
        if (treatment is Treatment.Descend)
        {
            writer.SequenceStart(reader.Tag);
            return;
        }
        values.RefuseNeeded(outer);
        values.Dropped.Count(treatment);
        values.Dropped.Name(reader.Tag);
        if (treatment is not Treatment.Remove) writer.EmptySequence(reader.Tag, withEmptyItem: treatment is Treatment.Dummy);
        await reader.SkipSequence(ct);
    }

    private async ValueTask Fragments(CancellationToken ct)
    {
        values.DropHeldCode(reader.Depth);
        if (reader.Depth > 0)
        {
            values.Dropped.Count(Treatment.Remove);
            values.Dropped.Name(reader.Tag);
            await reader.SkipSequence(ct);
            return;
        }
        var (tag, vr) = (reader.Tag, reader.Vr);
        await Reach(tag, ct);
        var found = Codestream.Detect((await reader.PeekFragments(Codestream.HeadBytes, ct)).Span);
        if (found is null && !dataSet.Syntax.Encapsulated)
            throw reader.Fail(DicomErrors.TransferSyntaxMismatch,
                "The pixel data is encapsulated, and the transfer syntax says that it is not.");
        if (found is not null && !dataSet.Syntax.Video && !Codestream.Agree(meta.Syntax, found)) Correct(found);
        if (output.Held) await Release(ct);
        writer.FragmentsStart(tag, vr);
        pixels.Begin(meta.Syntax, found);
    }

    // The codestream itself decides what the output says of it.
    private void Correct(TransferSyntax found)
    {
        if (!output.Held)
            throw reader.Fail(DicomErrors.TransferSyntaxMismatch, "The pixel data is not compressed as the transfer syntax says.");
        meta = meta with { Syntax = found };
        correctedPixels = true;
    }

    private static bool IsPixels(uint tag) => tag is Tags.PixelData or Tags.FloatPixelData or Tags.DoublePixelData;

    // Called with each top-level tag: puts in what belongs before it.
    private async ValueTask Reach(uint tag, CancellationToken ct)
    {
        if (tag <= lastTag) throw reader.Fail(DicomErrors.TagOrder, "The attributes are not in ascending order.");
        values.DropHeldCode(0);
        // Whoever reads the output must be able to tell two people apart.
        if (lastTag < Tags.PatientName && tag > Tags.PatientName) dates.WriteName(Tags.PatientName, Vr.PN);
        if (lastTag < Tags.PatientId && tag > Tags.PatientId) dates.WriteName(Tags.PatientId, Vr.LO);
        lastTag = tag;
        if (statementPosition < 0 && tag >= Tags.IdentityRemoved) statementPosition = output.Count;
        if (pseudonym is null && tag > Tags.StudyInstance) await NamePatient(ct);
        if (output.Held) isReleasable = tag > Tags.BurnedInAnnotation;
        if (!temporalWritten && tag >= Tags.TemporalModified)
        {
            writer.Element(Tags.TemporalModified, Vr.CS, Statement.Temporal(rules.Options));
            temporalWritten = true;
        }
    }

    private async ValueTask NamePatient(CancellationToken ct)
    {
        (pseudonym, var dates) = await rules.Patient(facts, ct);
        this.dates.Resolve(Encoding.ASCII.GetBytes(pseudonym.Text), dates);
        values.Own.Resolve(facts);
    }

    private async ValueTask Release(CancellationToken ct)
    {
        Require(facts.SopClass, Tags.SopClass);
        Require(facts.SopInstance, Tags.SopInstance);
        Require(facts.StudyInstance, Tags.StudyInstance);
        Require(facts.SeriesInstance, Tags.SeriesInstance);
        isReleasable = false;
        risks = PixelRisk.Find(facts);
        identityRemoved = risks.Count == 0 || rules.Options.PixelsVerified;

        Identified?.Invoke(rules.Uids.Map(Tags.SopInstance, facts.SopInstance));
        using var head = new OutputBuffer(Stream.Null);
        (meta with
        {
            SopClass = rules.Uids.Map(Tags.SopClass, facts.SopClass),
            SopInstance = rules.Uids.Map(Tags.SopInstance, facts.SopInstance)
        }).Write(head);
        using var statement = new OutputBuffer(Stream.Null);
        Statement.Write(new(statement, meta.Syntax.ExplicitVr), rules.Options, identityRemoved);
        await output.Release(head.Gathered, statementPosition, statement.Gathered, ct);
    }

    private void Require(string uid, uint tag)
    {
        if (uid.Length == 0)
            throw new DicomException(
                DicomErrors.IdentifierMissing, "An identifier every instance needs is missing.", dataSet.Window.Position, tag);
    }

    private InstanceReport Report()
    {
        // The head has left by the time the last pixel is seen; a caller that goes on without somebody's look has to drop the output.
        if (pixels.HasForeignBits) risks = [.. risks, PixelRisk.UnusedBits];
        return new()
        {
            Patient = facts.Patient,
            HasPatientName = facts.HasPatientName,
            HasBirthDate = facts.HasBirthDate,
            PatientId = facts.PatientId,
            PatientSex = facts.PatientSex,
            AccessionNumber = facts.AccessionNumber,
            StudyDate = facts.StudyDate,
            Pseudonym = pseudonym!.Text,
            OriginalStudyUid = facts.StudyInstance,
            StudyUid = rules.Uids.Map(Tags.StudyInstance, facts.StudyInstance),
            SeriesUid = rules.Uids.Map(Tags.SeriesInstance, facts.SeriesInstance),
            SopInstanceUid = rules.Uids.Map(Tags.SopInstance, facts.SopInstance),
            SopClassUid = rules.Uids.Map(Tags.SopClass, facts.SopClass),
            TransferSyntaxUid = meta.Syntax.Uid,
            Modality = facts.Modality,
            Frames = facts.Pixels.Frames,
            PixelRisks = risks,
            IdentityRemoved = risks.Count == 0 || rules.Options.PixelsVerified,
            Warnings = [.. Warnings()],
            DroppedTags = [.. values.Dropped.Tags.Concat(reader.LostTags.Where(x => DataDictionary.Find(x) is not null)).Distinct().Order()
                .Select(Name)],
            BytesRead = dataSet.Window.Position,
            BytesWritten = output.Written,
            Counts = values.Dropped.Counts,
        };
    }

    private IEnumerable<string> Warnings()
    {
        if (facts.ShowsFace) yield return InstanceWarning.FacialFeatures;
        if (reader.HadTrailingZeros) yield return InstanceWarning.TrailingPadding;
        if (!facts.CharacterSetKnown) yield return InstanceWarning.CharacterSetUnknown;
        if (dataSet.IsCorrected || correctedPixels) yield return InstanceWarning.TransferSyntaxCorrected;
        if (meta.SopClass != facts.SopClass || meta.SopInstance != facts.SopInstance) yield return InstanceWarning.MetaDisagrees;
        if (pseudonym!.Warning is { } weak) yield return weak;
        if (values.KeptPrivateClass) yield return InstanceWarning.PrivateClass;
        if (pixels.ClearedOverlay) yield return InstanceWarning.OverlayCleared;
        if (pixels.HidBytes || values.HidBytes) yield return InstanceWarning.HiddenBytesCleared;
        if (values.Dropped.HasUnnamed || values.Dropped.Tags.Count + reader.LostTags.Count > 0) yield return InstanceWarning.ValuesDropped;
    }

    private static string Name(uint tag) => $"{tag >> 16:X4},{tag & 0xFFFF:X4}";
}
