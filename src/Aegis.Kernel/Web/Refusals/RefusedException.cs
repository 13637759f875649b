namespace Aegis.Kernel.Web.Refusals;

/// <summary>A call that its sender can put right. The edge turns it into problem+json (RFC 9457).</summary>
/// <param name="status">HTTP status code, 400–503.</param>
/// <param name="code">Stable snake_case code; each one stands in docs/errors.md.</param>
/// <param name="detail">A sentence that says what to do. Never a secret, patient data or a DICOM value.</param>
public sealed class RefusedException(int status, string code, string detail) : Exception(detail)
{
    private readonly Dictionary<string, object?> members = [];

    /// <summary>HTTP status code.</summary>
    public int Status { get; } = status;

    /// <summary>Stable code of the refusal.</summary>
    public string Code { get; } = code;

    /// <summary>Further members of the problem, by wire name.</summary>
    public IReadOnlyDictionary<string, object?> Members => members;

    /// <summary>Adds a member to the problem.</summary>
    public RefusedException With(string name, object? value)
    {
        members[name] = value;
        return this;
    }
}
