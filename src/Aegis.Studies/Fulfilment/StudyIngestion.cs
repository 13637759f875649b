using Aegis.Kernel.Sealing;

namespace Aegis.Studies.Fulfilment;

/// <summary>Stores an upload sealed on disk, and reads it back once before anybody is told about it.</summary>
internal sealed class StudyIngestion(StudyStore store, Deidentifying deidentifying, DayKeys days, SealedBox box, TimeProvider clock)
{
    private const int FileKeySize = 16; // of the age format

    /// <param name="transferId">The transfer that the study will belong to. Keys are sealed for it.</param>
    /// <param name="order">What the upload is compared with.</param>
    /// <param name="upload">The upload to read.</param>
    /// <param name="ct">Stops and deletes the file.</param>
    public async Task<IngestedStudy> Ingest(string transferId, FulfilmentOrder order, Upload upload, CancellationToken ct)
    {
        var checks = new InstanceChecks(order.Asked, new Findings(order.FindingKey, order.Confirmations));
        var survey = new StudySurvey(upload.Limits.MaxSeries);
        var deidentifier = deidentifying.For(order);
        var pass = new UploadPass(upload, deidentifier, order.IsStrict);
        var fileName = ContentFolder.NameOf(transferId);
        var fileKey = RandomNumberGenerator.GetBytes(FileKeySize);
        try
        {
            IReadOnlyList<Finding> confirmed = [];
            var declared = await store.Write(
                fileName, fileKey,
                async writer =>
                {
                    var received = await pass.Run(writer, CheckAndCount, ct);
                    confirmed = checks.Finish();
                    return received;
                },
                ct);
            survey.CountIgnored(pass.Ignored.Count);
            var file = await store.ReadBack(fileName, fileKey, ct);
            try
            {
                var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
                var study = new StoredStudy(
                    fileName, declared.Instances, file.PayloadBytes, file.Digest.Bytes, file.Digest.Sha256, declared.Sha256, today,
                    file.Digest.InstancesSha256);
                var key = new StudyKey(
                    transferId,
                    store.SealKey(fileName, () => days.Seal(today, fileKey, new SealedFor("content", transferId))),
                    box.Seal(survey.ToMetadata(deidentifier.Methods, Codes(confirmed)).ToJson(), StudyKey.Metadata(transferId)),
                    file.ViewRule.Counted.ToBytes());
                return new IngestedStudy(
                    file, study, key, file.ViewRule, survey.Warnings, confirmed, pass.Ignored, survey.Pseudonym,
                    order.Shift.Earlier(survey.Pseudonym));
            }
            catch
            {
                file.Dispose();
                throw;
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(fileKey);
        }

        int CheckAndCount(ReceivedInstance instance) => survey.Add(instance.Report, checks.Check(instance));
    }

    /// <summary>The codes of findings, each once.</summary>
    public static IReadOnlyList<string> Codes(IEnumerable<Finding> findings) =>
        [.. findings.Select(f => f.Code).Distinct().Order(StringComparer.Ordinal)];
}
