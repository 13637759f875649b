namespace Aegis.Audit;

internal static partial class Log
{
    [LoggerMessage(5001, LogLevel.Error,
        "{Entries} audit entries could not be written ({Error}). Their calls were refused; later calls try again.")]
    public static partial void TrailFailed(ILogger logger, int entries, string error, Exception exception);

    [LoggerMessage(5002, LogLevel.Error, "The audit sequencer failed ({Error}). It tries again.")]
    public static partial void SequencerFailed(ILogger logger, string error, Exception exception);

    [LoggerMessage(5003, LogLevel.Information, "This host sequences the audit log from {Sequence} on (epoch {Epoch}).")]
    public static partial void LeaseTaken(ILogger logger, long sequence, long epoch);

    [LoggerMessage(5004, LogLevel.Warning, "Another host took over the audit log at {Sequence} (epoch {Epoch}).")]
    public static partial void LeaseLost(ILogger logger, long sequence, long epoch);

    [LoggerMessage(5030, LogLevel.Information, "An export of the audit trail was interrupted after {Entries} entries ({Error}).")]
    public static partial void ExportCut(ILogger logger, long entries, string error);

    [LoggerMessage(5031, LogLevel.Error, "The end of an export of {Entries} audit entries could not be recorded in the audit trail.")]
    public static partial void ExportEndNotAudited(ILogger logger, long entries, Exception exception);

    [LoggerMessage(5032, LogLevel.Warning,
        "Cannot check whether the key of a running export is still active ({Error}). It is checked again.")]
    public static partial void ExportNotWatched(ILogger logger, string error, Exception exception);

    [LoggerMessage(5005, LogLevel.Error,
        "The audit entry {EntryId} is not readable. It is part of the log, but no organization can list it.")]
    public static partial void EntryUnreadable(ILogger logger, string entryId, Exception exception);

    [LoggerMessage(5020, LogLevel.Information, "{Entries} audit entries are not in the tree yet. They are hashed first.")]
    public static partial void TreeBehind(ILogger logger, long entries);

    [LoggerMessage(5021, LogLevel.Error,
        "The audit log could not be signed at {Size} entries ({Error}). Entries are still sequenced, and signing is tried again.")]
    public static partial void CheckpointFailed(ILogger logger, long size, string error, Exception exception);

    [LoggerMessage(5022, LogLevel.Error,
        "The checkpoint of the audit log at {Size} entries could not be appended to '{Path}' ({Error}). Make the file writable; "
            + "appending is tried again.")]
    public static partial void CheckpointNotFiled(ILogger logger, long size, string path, string error, Exception exception);

    [LoggerMessage(5023, LogLevel.Critical,
        "The audit log contradicts the last checkpoint in {Where}: {Contradiction}. No checkpoint is signed until an operator has "
            + "resolved this: see docs/operations.md.")]
    public static partial void CheckpointContradicted(ILogger logger, string where, string contradiction);
}
