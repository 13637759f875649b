namespace Aegis.Kernel.Web.Refusals;

/// <summary>A call is refused for a reason that the caller can correct. The edge converts it to problem+json (RFC 9457).</summary>
/// <param name="status">HTTP status code, 400–503.</param>
/// <param name="code">Stable snake_case code, listed in docs/errors.md.</param>
/// <param name="detail">A sentence that says what to do. It never contains a secret, patient data or a DICOM value.</param>
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
