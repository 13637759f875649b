namespace Aegis.Kernel.Web.Connect;

/// <summary>An error code of the Connect protocol and its HTTP status.</summary>
internal sealed record ConnectCode(string Name, int Status)
{
    public static readonly ConnectCode Canceled = new("canceled", StatusCodes.Status499ClientClosedRequest);
    public static readonly ConnectCode Unknown = new("unknown", StatusCodes.Status500InternalServerError);
    public static readonly ConnectCode InvalidArgument = new("invalid_argument", StatusCodes.Status400BadRequest);
    public static readonly ConnectCode DeadlineExceeded = new("deadline_exceeded", StatusCodes.Status504GatewayTimeout);
    public static readonly ConnectCode NotFound = new("not_found", StatusCodes.Status404NotFound);
    public static readonly ConnectCode AlreadyExists = new("already_exists", StatusCodes.Status409Conflict);
    public static readonly ConnectCode PermissionDenied = new("permission_denied", StatusCodes.Status403Forbidden);
    public static readonly ConnectCode ResourceExhausted = new("resource_exhausted", StatusCodes.Status429TooManyRequests);
    public static readonly ConnectCode FailedPrecondition = new("failed_precondition", StatusCodes.Status400BadRequest);
    public static readonly ConnectCode Aborted = new("aborted", StatusCodes.Status409Conflict);
    public static readonly ConnectCode OutOfRange = new("out_of_range", StatusCodes.Status400BadRequest);
    public static readonly ConnectCode Unimplemented = new("unimplemented", StatusCodes.Status501NotImplemented);
    public static readonly ConnectCode Internal = new("internal", StatusCodes.Status500InternalServerError);
    public static readonly ConnectCode Unavailable = new("unavailable", StatusCodes.Status503ServiceUnavailable);
    public static readonly ConnectCode DataLoss = new("data_loss", StatusCodes.Status500InternalServerError);
    public static readonly ConnectCode Unauthenticated = new("unauthenticated", StatusCodes.Status401Unauthorized);

    /// <summary>The code for a refusal with this status. The HTTP status of the response is then that of the code.</summary>
    public static ConnectCode Of(int refusalStatus) => refusalStatus switch
    {
        StatusCodes.Status401Unauthorized => Unauthenticated,
        StatusCodes.Status403Forbidden => PermissionDenied,
        StatusCodes.Status404NotFound => NotFound,
        StatusCodes.Status408RequestTimeout or StatusCodes.Status504GatewayTimeout => DeadlineExceeded,
        StatusCodes.Status409Conflict => Aborted,
        StatusCodes.Status410Gone or StatusCodes.Status412PreconditionFailed => FailedPrecondition,
        StatusCodes.Status413PayloadTooLarge or StatusCodes.Status429TooManyRequests => ResourceExhausted,
        StatusCodes.Status416RangeNotSatisfiable => OutOfRange,
        StatusCodes.Status499ClientClosedRequest => Canceled,
        StatusCodes.Status501NotImplemented => Unimplemented,
        StatusCodes.Status503ServiceUnavailable => Unavailable,
        >= 400 and < 500 => InvalidArgument,
        _ => Internal,
    };
}
