namespace Aegis.Dicom.Deidentification;

/// <summary>
/// De-identifies one instance. <see cref="AttributePolicy"/> decides by attribute, <see cref="ValueTreatment"/> treats the value, and
/// <see cref="PixelPass"/> the pixels; each may refuse the file with a <see cref="DicomException"/>. The start of the output is held
/// back: (0012,0062) depends on Burned In Annotation (0028,0301), dates and pseudonym on the patient, the transfer syntax on the pixels.
/// </summary>
internal sealed class InstancePass
{
    // The head is held this long only to learn the pixels' transfer syntax. A larger head does not belong to a picture.
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

    /// <param name="dataSet">The data set to read.</param>
    /// <param name="output">Receives the output.</param>
    /// <param name="meta">The file's meta information with the transfer syntax of the output.</param>
    /// <param name="rules">The rules to apply.</param>
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

    /// <summary>Called with the SOP Instance UID of the output before its first byte is written.</summary>
    public Action<string>? Identified { get; init; }

    public async Task<InstanceReport> Run(CancellationToken ct)
    {
        output.Hold();
        for (var token = await reader.Next(ct); token is not Token.End; token = await reader.Next(ct))
        {
            await Pass(token, ct);
            if (isReleasable && output.Count > MaxHeldForPixels) await Release(ct);
            await output.FlushIfLarge(ct);
        }
        await AdvanceTo(uint.MaxValue, ct);
        foreach (var skipped in reader.SkippedTags.Where(NeededValues.Contains))
            throw reader.Fail(DicomErrors.RepresentationInvalid, "The representation of a needed value is not two letters.", skipped);
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
        // Pixels inside an item are an icon of unknown size. Spectra without points have unknown size too.
        var isSpectra = reader.Tag is Tags.SpectroscopyData;
        var isUnknown = reader.Depth > 0 ? isSpectra || reader.Tag >> 16 == Tags.PixelData >> 16 : isSpectra
            && facts.Pixels.SpectraBytes == 0;
        var treatment = isUnknown ? Treatment.Remove : rules.Policy.Decide(reader.Tag, reader.Vr, reader.Known);
        if (isSpectra && treatment is Treatment.Bulk && facts.Pixels.SpectraBytes < reader.Length)
            await values.Cut(facts.Pixels.SpectraBytes, ct);
        else await values.Treat(treatment, ct);
    }

    /// <summary>Treats attributes that are special at the top level. Returns true when the attribute is done.</summary>
    private async ValueTask<bool> TopLevel(CancellationToken ct)
    {
        await AdvanceTo(reader.Tag, ct);
        if (reader.Tag is Tags.PixelData && dataSet.Syntax.Encapsulated && reader.Length > 0)
            throw reader.Fail(DicomErrors.TransferSyntaxMismatch,
                "The transfer syntax is encapsulated, but the pixel data is not.");
        // An identifier declared with another representation is removed, so the instance lacks it.
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
            values.Drop(Treatment.Remove); // no reader accepts pixels of another width
            return true;
        }
        await pixels.Native(reader.Vr.Family() is VrFamily.Number ? Vr.OW : reader.Vr, ct);
        return true;
    }

    // A fragment table does not apply to native pixels, and an invalid table may be text.
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
        if (outer == 0) await AdvanceTo(reader.Tag, ct);
        values.DropHeldCode(outer);
        var treatment = rules.Policy.Decide(reader.Tag, reader.Vr, reader.Known);
        if (treatment is Treatment.Descend)
        {
            writer.SequenceStart(reader.Tag);
            return;
        }
        values.RefuseNeeded(outer);
        values.Dropped.Count(treatment);
        values.Dropped.Report(reader.Tag);
        if (treatment is not Treatment.Remove) writer.EmptySequence(reader.Tag, withEmptyItem: treatment is Treatment.Dummy);
        await reader.SkipSequence(ct);
    }

    private async ValueTask Fragments(CancellationToken ct)
    {
        values.DropHeldCode(reader.Depth);
        if (reader.Depth > 0)
        {
            values.Dropped.Count(Treatment.Remove);
            values.Dropped.Report(reader.Tag);
            await reader.SkipSequence(ct);
            return;
        }
        var (tag, vr) = (reader.Tag, reader.Vr);
        await AdvanceTo(tag, ct);
        var found = Codestream.Detect((await reader.PeekFragments(Codestream.HeadBytes, ct)).Span);
        if (found is null && !dataSet.Syntax.Encapsulated)
            throw reader.Fail(DicomErrors.TransferSyntaxMismatch,
                "The pixel data is encapsulated, but the transfer syntax is a native one.");
        if (found is not null && !dataSet.Syntax.Video && !Codestream.Agree(meta.Syntax, found)) Correct(found);
        if (output.Held) await Release(ct);
        writer.FragmentsStart(tag, vr);
        pixels.Begin(meta.Syntax, found);
    }

    // The output names the syntax that the codestream shows.
    private void Correct(TransferSyntax found)
    {
        if (!output.Held)
            throw reader.Fail(DicomErrors.TransferSyntaxMismatch, "The pixel data is not compressed as its transfer syntax says.");
        meta = meta with { Syntax = found };
        correctedPixels = true;
    }

    private static bool IsPixels(uint tag) => tag is Tags.PixelData or Tags.FloatPixelData or Tags.DoublePixelData;

    // Called for each top-level tag. It inserts the attributes that belong before it.
    private async ValueTask AdvanceTo(uint tag, CancellationToken ct)
    {
        if (tag <= lastTag) throw reader.Fail(DicomErrors.TagOrder, "The attributes are not in ascending order.");
        values.DropHeldCode(0);
        // Readers of the output must be able to tell two people apart, so both attributes are always written.
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
        (pseudonym, var change) = await rules.Patient(facts, ct);
        dates.Resolve(Encoding.ASCII.GetBytes(pseudonym.Text), change);
        values.Identity.Resolve(facts);
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
        await output.Release(head.Collected, statementPosition, statement.Collected, ct);
    }

    private void Require(string uid, uint tag)
    {
        if (uid.Length == 0)
            throw new DicomException(
                DicomErrors.IdentifierMissing, "An identifier every instance needs is missing.", dataSet.Window.Position, tag);
    }

    private InstanceReport Report()
    {
        // The head is already written when the last pixel is read. A caller that allows no unchecked pixels has to discard the output.
        if (pixels.HasUnexplainedBits) risks = [.. risks, PixelRisk.UnusedBits];
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
            DroppedTags = [.. values.Dropped.Tags.Concat(reader.SkippedTags.Where(x => DataDictionary.Find(x) is not null))
                .Distinct().Order().Select(Name)],
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
        if (pixels.ClearedHidden || values.ClearedHidden) yield return InstanceWarning.HiddenBytesCleared;
        if (values.Dropped.HasUnlisted || values.Dropped.Tags.Count > 0 || reader.SkippedTags.Count > 0)
            yield return InstanceWarning.ValuesDropped;
    }

    private static string Name(uint tag) => $"{tag >> 16:X4},{tag & 0xFFFF:X4}";
}
