using System.Security.Cryptography;
using Aegis.Kernel.Sealing;
using Aegis.Studies.Content;
using Aegis.Studies.Content.Sealing;
using Aegis.Studies.Content.Serving;
using Aegis.Studies.Transfers;

namespace Aegis.Studies.Fulfilment;

/// <summary>Brings an upload onto disk, sealed, and reads it back once before anyone is told that it is there.</summary>
internal sealed class StudyIngestion(ContentFolder folder, Deidentifying deidentifying, DayKeys days, SealedBox box, TimeProvider clock)
{
    private const int FileKeySize = 16; // of the age format

    /// <param name="transferId">The transfer that the study will belong to; keys are sealed for it.</param>
    /// <param name="order">What the upload is held against.</param>
    /// <param name="upload">Where the study comes from.</param>
    /// <param name="ct">Stops and leaves nothing.</param>
    public async Task<StoredUpload> Ingest(string transferId, FulfilmentOrder order, Upload upload, CancellationToken ct)
    {
        var checks = new InstanceChecks(order.Asked, order.Confirmed);
        var survey = new StudySurvey();
        var pass = new UploadPass(upload, deidentifying.For(order), order.Request.PatientFingerprint);
        var fileName = ContentFolder.NameOf(transferId);
        var fileKey = RandomNumberGenerator.GetBytes(FileKeySize);
        try
        {
            var (declared, written) = await Write(fileName, fileKey, writer => pass.Run(writer, Judge, ct), ct);
            var reader = await ReadBack(fileName, fileKey, ct);
            try
            {
                var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
                var study = new IngestedStudy(
                    fileName, declared.Instances, written.IndexOffset, written.IndexOffset, written.PlaintextLength, reader.Digest.Bytes, reader.Digest.Sha256,
                    declared.Sha256, today, days.Seal(today, fileKey, new SealedFor("content", transferId)),
                    box.Seal(survey.ToMetadata(order.Policy, checks.UsedConfirmations).ToJson(), new SealedFor("metadata", transferId)));
                return new StoredUpload(folder.PathOf(fileName), reader.Study, study, survey.Warnings, checks.UsedConfirmations);
            }
            catch
            {
                reader.Study.Dispose();
                folder.Delete(fileName);
                throw;
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(fileKey);
        }

        int Judge(Dicom.Deidentification.InstanceReport instance, int position)
        {
            checks.Check(instance, position);
            return survey.Add(instance);
        }
    }

    private async Task<(Manifest Declared, SealedStudy Written)> Write(
        string fileName, byte[] fileKey, Func<SealedStudyWriter, Task<Manifest>> pass, CancellationToken ct)
    {
        await using var writer = Begin(fileName, fileKey);
        var declared = await pass(writer);
        try
        {
            return (declared, await writer.Complete(ct));
        }
        catch (IOException)
        {
            throw InstanceTarget.NoRoom();
        }
    }

    private SealedStudyWriter Begin(string fileName, byte[] fileKey)
    {
        try
        {
            folder.Create();
            return SealedStudyWriter.Create(folder.PathOf(fileName), fileKey);
        }
        catch (IOException)
        {
            throw InstanceTarget.NoRoom();
        }
    }

    /// <summary>Authenticates and digests what is on disk; the reader stays open.</summary>
    private async Task<(SealedStudyReader Study, ContentDigest Digest)> ReadBack(string fileName, byte[] fileKey, CancellationToken ct)
    {
        SealedStudyReader? reader = null;
        try
        {
            reader = SealedStudyReader.Open(folder.PathOf(fileName), fileKey);
            return (reader, await ContentDigest.Compute(new StudyArchive(reader.Index), reader, ct));
        }
        catch
        {
            reader?.Dispose();
            folder.Delete(fileName);
            throw;
        }
    }
}
