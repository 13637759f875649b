using System.Text.Json.Serialization;

namespace Aegis.Vault.Rotation;

/// <summary>A new value is in use.</summary>
/// <param name="Status">Always <c>rotated</c>.</param>
/// <param name="Credential">Name of the credential.</param>
/// <param name="PreviousVersion">The version before, or null when there was none.</param>
/// <param name="NewVersion">The version in use.</param>
/// <param name="DurationMs">From its start until the value came into use, in milliseconds.</param>
/// <param name="RotatedAt">When it came into use.</param>
/// <param name="Warnings"><c>unproven</c> when the target had no free connection to test the new value; left out when there are
/// none.</param>
internal sealed record RotateResponse(
    string Status, string Credential, int? PreviousVersion, int NewVersion, long DurationMs, DateTimeOffset RotatedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Warnings);

/// <summary>An older version is in use.</summary>
/// <param name="Status">Always <c>rolled_back</c>.</param>
/// <param name="Credential">Name of the credential.</param>
/// <param name="FromVersion">The version before.</param>
/// <param name="ToVersion">The version in use.</param>
/// <param name="RolledBackAt">When it came into use.</param>
/// <param name="Warnings"><c>unproven</c> when the target had no free connection to test the value; left out when there are none.</param>
internal sealed record RollbackResponse(
    string Status, string Credential, int FromVersion, int ToVersion, DateTimeOffset RolledBackAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Warnings);

/// <summary>It is not finished and continues without another call.</summary>
/// <param name="Status">Always <c>rotating</c>.</param>
/// <param name="Credential">Name of the credential.</param>
/// <param name="Rotation">rot_….</param>
/// <param name="Step">The next step.</param>
/// <param name="Failures">Failures in a row.</param>
/// <param name="LastError">What went wrong last, or null.</param>
/// <param name="NextTryAt">When it is tried again.</param>
internal sealed record RotatingResponse(
    string Status, string Credential, string Rotation, RotationStep Step, int Failures, RotationError? LastError, DateTimeOffset NextTryAt)
{
    public static RotatingResponse From(RotationRun run, string name) =>
        new("rotating", name, run.Id, run.Step, run.Failures, RotationError.Of(run), run.DueAt);
}

/// <summary>Why a rotation waits.</summary>
/// <param name="Code">Stable code.</param>
/// <param name="Message">A sentence.</param>
internal sealed record RotationError(string Code, string Message)
{
    public static RotationError? Of(RotationRun run) =>
        run.ErrorCode is null ? null : new RotationError(run.ErrorCode, run.ErrorMessage ?? "");
}

/// <summary>One rotation or rollback.</summary>
/// <param name="Id">rot_….</param>
/// <param name="Credential">Name of the credential.</param>
/// <param name="Kind"><c>rotation</c> or <c>rollback</c>.</param>
/// <param name="Trigger"><c>manual</c>, <c>emergency</c>, <c>scheduled</c> or <c>on_expiry</c>.</param>
/// <param name="Reason">The caller's reason, or null.</param>
/// <param name="State"><c>running</c>, <c>ending</c> (the new value is in use, the old one still works for a while), <c>done</c>,
/// <c>abandoned</c> or <c>needs_attention</c>.</param>
/// <param name="Step">The next step: <c>create</c>, <c>set</c>, <c>test</c>, <c>finish</c>, <c>revoke</c> or <c>done</c>.</param>
/// <param name="FromVersion">The version when it began, or null.</param>
/// <param name="ToVersion">The version that it made current, or null.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="FinishedAt">When its value came into use, or null.</param>
/// <param name="DueAt">When the next step is due.</param>
/// <param name="Failures">Failures in a row.</param>
/// <param name="LastError">What went wrong last, or null.</param>
/// <param name="Warnings"><c>unproven</c> when the value came into use without a test, because the target had no free connection for
/// one.</param>
internal sealed record RotationItem(
    string Id, string Credential, string Kind, RotationTrigger Trigger, string? Reason, RotationState State, RotationStep Step,
    int? FromVersion,
    int? ToVersion, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt, DateTimeOffset DueAt, int Failures, RotationError? LastError,
    IReadOnlyList<string> Warnings)
{
    public static RotationItem From(RotationRun r, string name) => new(
        r.Id, name, r.IsRollback ? "rollback" : "rotation", r.Trigger, r.Note, r.State, r.Step, r.FromVersion == 0 ? null : r.FromVersion,
        r.NewVersion, r.StartedAt, r.FinishedAt, r.DueAt, r.Failures, RotationError.Of(r), r.Warnings ?? []);
}
