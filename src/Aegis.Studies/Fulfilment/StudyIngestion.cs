using System.Security.Cryptography;
using Aegis.Contracts.Identity;
using Aegis.Kernel.Sealing;
using Aegis.Studies.Content;
using Aegis.Studies.Content.Sealing;
using Aegis.Studies.Content.Serving;
using Aegis.Studies.Requests;
using Aegis.Studies.Transfers;

namespace Aegis.Studies.Fulfilment;

/// <summary>Brings an upload onto disk, sealed, and reads it back once before anyone is told that it is there.</summary>
internal sealed class StudyIngestion(ContentFolder folder, Deidentifying deidentifying, DayKeys days, SealedBox box, TimeProvider clock)
{
    private const int FileKeySize = 16; // of the age format

    /// <param name="transferId">The transfer that the study will belong to; keys are sealed for it.</param>
    /// <param name="request">The request it answers.</param>
    /// <param name="asked">What the request asks for.</param>
    /// <param name="policy">What the partners agreed on.</param>
    /// <param name="confirmed">Findings that the provider confirmed beforehand.</param>
    /// <param name="upload">Where the study comes from.</param>
    /// <param name="ct">Stops and leaves nothing.</param>
    public async Task<StoredUpload> Ingest(
        string transferId,
        StudyRequest request,
        RequestDetails asked,
        DeidentificationPolicy policy,
        IReadOnlySet<string> confirmed,
        Upload upload,
        CancellationToken ct)
    {
        var checks = new InstanceChecks(asked, confirmed);
        var survey = new StudySurvey();
        var pass = new UploadPass(
            upload, deidentifying.For(request, policy, pixelsVerified: confirmed.Contains(Findings.PixelPhiRisk)), request.PatientFingerprint);
        int Judge(Dicom.Deidentification.InstanceReport instance, int position)
        {
            checks.Check(instance, position);
            return survey.Add(instance);
        }

        var fileName = ContentFolder.NameOf(transferId);
        var fileKey = RandomNumberGenerator.GetBytes(FileKeySize);
        try
        {
            var (declared, stored) = await Write(folder.PathOf(fileName), fileKey, pass, Judge, ct);
            return await ReadBack(stored, declared);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(fileKey);
        }

        async Task<StoredUpload> ReadBack(SealedStudy stored, Manifest declared)
        {
            var path = folder.PathOf(fileName);
            SealedStudyReader? reader = null;
            try
            {
                reader = SealedStudyReader.Open(path, fileKey);
                var digest = await ContentDigest.Compute(new StudyArchive(reader.Index), reader, ct);
                var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
                var study = new IngestedStudy(
                    fileName, declared.Instances, reader.Index.PayloadLength, stored.IndexOffset, stored.PlaintextLength, digest.Bytes, digest.Sha256,
                    declared.Sha256, today, days.Seal(today, fileKey, new SealedFor("content", transferId)),
                    box.Seal(survey.ToMetadata(policy, checks.UsedConfirmations).ToJson(), new SealedFor("metadata", transferId)));
                return new StoredUpload(path, reader, study, survey.Warnings, checks.UsedConfirmations);
            }
            catch
            {
                reader?.Dispose();
                File.Delete(path);
                throw;
            }
        }
    }

    private async Task<(Manifest Declared, SealedStudy Stored)> Write(
        string path, byte[] fileKey, UploadPass pass, Func<Dicom.Deidentification.InstanceReport, int, int> judge, CancellationToken ct)
    {
        await using var writer = Begin(path, fileKey);
        var declared = await pass.Run(writer, judge, ct);
        try
        {
            return (declared, await writer.Complete(ct));
        }
        catch (IOException)
        {
            throw InstanceTarget.NoRoom();
        }
    }

    private SealedStudyWriter Begin(string path, byte[] fileKey)
    {
        try
        {
            folder.Create();
            return SealedStudyWriter.Create(path, fileKey);
        }
        catch (IOException)
        {
            throw InstanceTarget.NoRoom();
        }
    }
}
