namespace Aegis.Kernel.Web.Refusals;

/// <summary>
/// Creates refusals: <c>throw Refuse.Conflict("stable_code", "A sentence.")</c>.
/// Any code throws a <see cref="RefusedException"/> for what the caller can fix. The edge catches it, and <see cref="Problem"/> writes it
/// as problem+json, as a Connect error, or as a page (<see cref="RefusalPage"/>). The edge also converts other exceptions to refusals; an
/// unknown one becomes 500.
/// </summary>
public static class Refuse
{
    public static RefusedException Invalid(string code, string detail) => new(StatusCodes.Status400BadRequest, code, detail);

    public static RefusedException Unauthorized(string code, string detail) => new(StatusCodes.Status401Unauthorized, code, detail);

    public static RefusedException Forbidden(string code, string detail) => new(StatusCodes.Status403Forbidden, code, detail);

    /// <summary>The same refusal for an object that does not exist and for one of another organization.</summary>
    public static RefusedException NotFound(string what) =>
        new(StatusCodes.Status404NotFound, "not_found", $"There is no such {what}, or it belongs to another organization.");

    public static RefusedException Conflict(string code, string detail) => new(StatusCodes.Status409Conflict, code, detail);

    public static RefusedException Gone(string code, string detail) => new(StatusCodes.Status410Gone, code, detail);

    public static RefusedException PreconditionFailed(string code, string detail) =>
        new(StatusCodes.Status412PreconditionFailed, code, detail);

    public static RefusedException TooLarge(string code, string detail) => new(StatusCodes.Status413PayloadTooLarge, code, detail);

    public static RefusedException UnsupportedMediaType(string code, string detail) =>
        new(StatusCodes.Status415UnsupportedMediaType, code, detail);

    public static RefusedException Unprocessable(string code, string detail) => new(StatusCodes.Status422UnprocessableEntity, code, detail);

    public static RefusedException Unavailable(string code, string detail) => new(StatusCodes.Status503ServiceUnavailable, code, detail);
}
