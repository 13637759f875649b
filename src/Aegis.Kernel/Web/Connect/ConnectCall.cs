namespace Aegis.Kernel.Web.Connect;

/// <summary>The headers of one call.</summary>
/// <param name="Codec">The message format.</param>
/// <param name="Timeout">How long the caller waits.</param>
/// <param name="Compressed">True when the request is gzipped.</param>
/// <param name="CompressAnswer">True when the response should be gzipped.</param>
internal sealed record ConnectCall(ConnectCodec Codec, TimeSpan Timeout, bool Compressed, bool CompressAnswer)
{
    private const string VersionHeader = "Connect-Protocol-Version";
    private const string TimeoutHeader = "Connect-Timeout-Ms";
    private const string Gzip = "gzip";
    private const string Identity = "identity";

    /// <summary>The supported content encodings of a request.</summary>
    public const string Encodings = $"{Gzip}, {Identity}";

    private const int TimeoutDigits = 10;

    /// <summary>The longest timer. Callers that send more get this.</summary>
    private static readonly TimeSpan MaxTimeout = TimeSpan.FromMilliseconds(int.MaxValue);

    public static ConnectCall Read(HttpRequest request)
    {
        if (request.Headers[VersionHeader] is not ["1"])
            throw Refuse.Invalid("connect_version_invalid", $"Send the header '{VersionHeader}: 1'.");

        var compressed = IsGzip(request.Headers.ContentEncoding.ToString().Trim());
        var accepted = request.Headers.AcceptEncoding;
        return new ConnectCall(
            ConnectCodec.Of(request)!, // UseConnect has already refused other types
            TimeoutOf(request),
            compressed,
            accepted.Count == 0 ? compressed : Accepts(accepted.ToString()));
    }

    private static TimeSpan TimeoutOf(HttpRequest request)
    {
        var given = request.Headers[TimeoutHeader];
        if (given.Count == 0) return System.Threading.Timeout.InfiniteTimeSpan;
        if (given is not [{ Length: > 0 and <= TimeoutDigits } text] || !text.All(char.IsAsciiDigit)
            || long.Parse(text, CultureInfo.InvariantCulture) is not (> 0 and var milliseconds))
            throw Refuse.Invalid("connect_timeout_invalid",
                $"The header {TimeoutHeader} must be a positive number of milliseconds with at most {TimeoutDigits} digits.");

        var timeout = TimeSpan.FromMilliseconds(milliseconds);
        return timeout < MaxTimeout ? timeout : MaxTimeout;
    }

    private static bool IsGzip(string encoding) => encoding switch
    {
        "" or Identity => false,
        Gzip => true,
        _ => throw new RefusedException(
            StatusCodes.Status501NotImplemented, "encoding_unsupported",
            $"The Content-Encoding is not supported. Use {Gzip} or {Identity}."),
    };

    /// <summary>The first known coding in the list is used; a quality of zero excludes one (RFC 9110 §12.5.3).</summary>
    private static bool Accepts(string list)
    {
        foreach (var part in list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var fields = part.Split(';', StringSplitOptions.TrimEntries);
            var forbidden = fields.Skip(1)
                .Any(w => w.StartsWith("q=0", StringComparison.OrdinalIgnoreCase) && w.AsSpan(3).Trim("0.").IsEmpty);
            if (forbidden) continue;
            if (fields[0].Equals(Gzip, StringComparison.OrdinalIgnoreCase)) return true;
            if (fields[0].Equals(Identity, StringComparison.OrdinalIgnoreCase)) return false;
        }

        return false;
    }
}
