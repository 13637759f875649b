namespace Aegis.Kernel.Web.Validation;

/// <summary>Makes the refusal for malformed input: 400 <c>validation_failed</c> with <c>errors</c> by wire path.</summary>
public static class Invalid
{
    public const string Code = "validation_failed";

    /// <param name="path">Wire path of the member, for example <c>patient.lastName</c>.</param>
    /// <param name="message">A sentence that says what the member must be.</param>
    public static RefusedException Field(string path, string message) =>
        Fields(new Dictionary<string, string[]> { [path] = [message] });

    public static RefusedException Fields(IReadOnlyDictionary<string, string[]> errors)
    {
        var names = string.Join(", ", errors.Keys.Order(StringComparer.Ordinal).Select(k => k.Length == 0 ? "the body" : $"'{k}'"));
        return new RefusedException(StatusCodes.Status400BadRequest, Code, $"Correct {names} and send the call again.").With(
            "errors", errors);
    }
}
