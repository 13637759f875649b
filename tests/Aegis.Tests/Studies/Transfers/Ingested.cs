using Aegis.Studies.Fulfilment;
using Aegis.Studies.Metering;
using Aegis.Studies.Transfers;

namespace Aegis.Tests.Studies.Transfers;

/// <summary>Studies as after an upload, created without an upload.</summary>
internal static class Ingested
{
    public static IngestedStudy Study(string transferId = "trf_1", long size = 1_000) => Of(
        transferId,
        new StoredStudy("file", 4, size - 100, size, new string('a', 64), new string('d', 64), new DateOnly(2026, 3, 1),
            new string('e', 64)),
        [1], [2], new ViewRule(50, 0, CountedBytes.FromBytes([])));

    /// <summary>Has no file, because only the code that keeps or deletes it needs one.</summary>
    public static IngestedStudy Of(string transferId, StoredStudy study, byte[] sealedFileKey, byte[] sealedMetadata, ViewRule rule) => new(
        null!, study, new StudyKey(transferId, sealedFileKey, sealedMetadata, rule.Counted.ToBytes()), rule, [], [], new IgnoredFiles(),
        "pseudonym", ShiftKey: null);
}
