using System.Globalization;

namespace Aegis.Tests.Host.Fuzzing;

/// <summary>Writes a request as bytes: correctly, or with contradictory lengths, chunks and lines.</summary>
internal static class Framing
{
    private static readonly string[] Lengths =
        ["-1", "+5", "0x10", "", " ", "99999999999999999999", "9223372036854775807", "5, 6", "1e3", "2147483648"];

    private static readonly string[] Sizes =
    [
        "ffffffffffffffff", "7fffffffffffffff", "80000000", "-1", "", "zz", "0x5", "5;ext=\"", "5 ; a=b", "fffffffffffffffffffffffff",
        "00000000000000000005",
    ];

    private static readonly string[] Encodings =
        ["gzip, chunked", "chunked, gzip", "identity", "chunked, chunked", "CHUNKED", "chunked;q=1", "xchunked", " chunked ", "gzip"];

    private static readonly string[] Versions = ["1.0", "0.9", "2.0", "1.2", "11", "1.1.1", ""];
    private static readonly string[] Hosts = ["x\r\nHost: y", "a b", "[::", "x:99999", "é", "x/y", ""];
    private static readonly string[] Targets = ["*", "x:443", "//x", "http://", "http://[", "?", "x", "http:///", "\\"];
    private static readonly string[] Lines = ["NoColon", " Folded: x", "A\0B: c", ": empty", "Bad Name: x", "Tab\t: x", "X: \u0001"];

    private static readonly string[] NoRequests =
        ["\x16\x03\x01\x02\x00", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET", "\r\n\r\n\r\n", "GET  / HTTP/1.1\r\n\r\n", "\0\0\0\0"];

    public static ForgedRequest Plain(string method, string target, string headers, byte[] body, bool withBody) =>
        new(Join($"{Start(method, target, headers)}{(withBody ? $"Content-Length: {body.Length}\r\n" : "")}\r\n", body), IsShort: false);

    public static ForgedRequest Odd(string method, string target, string headers, byte[] body, Seeded random)
    {
        const string end = "Connection: close\r\n";
        var start = Start(method, target, headers);
        var chunks = Chunk(body, length: null);
        var length = body.Length.ToString(CultureInfo.InvariantCulture);
        return random.Below(20) switch
        {
            0 => Short($"{start}Content-Length: {body.Length + 1 + random.Below(100)}\r\n\r\n", body),
            1 => Short($"{start}Content-Length: {Math.Max(0, body.Length - 3)}\r\n\r\n", body),
            2 => Short($"{start}Content-Length: {Of(Lengths, random)}\r\n\r\n", body),
            3 => Short($"{start}Content-Length: {length}\r\nContent-Length: {body.Length + 1}\r\n\r\n", body),
            4 => Short($"{start}Transfer-Encoding: chunked\r\nContent-Length: {length}\r\n\r\n{chunks}0\r\n\r\n", []),
            5 or 6 => Short($"{start}Transfer-Encoding: chunked\r\n\r\n{Chunk(body, Of(Sizes, random))}0\r\n\r\n", []),
            7 => Short($"{start}Transfer-Encoding: chunked\r\n\r\n{chunks}", []),
            8 => Short($"{start}Transfer-Encoding: chunked\r\n\r\n{chunks}0\r\nTrailer: {Of(Lengths, random)}\r\nbad\r\n\r\n", []),
            9 => Short($"{start}Transfer-Encoding: {Of(Encodings, random)}\r\n\r\n{chunks}0\r\n\r\n", []),
            10 => Short($"{method} {target} HTTP/{Of(Versions, random)}\r\nHost: x\r\n{end}{headers}\r\n", body),
            11 => Short($"{start}Content-Length: {length}\r\n\r\n".Replace("\r\n", "\n", StringComparison.Ordinal), body),
            12 => Short($"{method} {target} HTTP/1.1\r\n{end}{headers}\r\n", body), // no Host
            13 => Short($"{method} {target} HTTP/1.1\r\nHost: {Of(Hosts, random)}\r\n{end}{headers}\r\n", body),
            14 => Short($"{Start(method, random.Below(2) == 0 ? "http://x" + target : Of(Targets, random), headers)}\r\n", body),
            15 => Short($"{start}{Of(Lines, random)}\r\n\r\n", body),
            16 => Short($"{start}{string.Concat(Enumerable.Range(0, 120).Select(i => $"X-{i}: y\r\n"))}\r\n", body),
            17 => Short($"{start}X-Long: {new string('a', 40_000)}\r\n\r\n", body),
            18 => Short(Of(NoRequests, random), body),
            _ => Short($"{start}Expect: 100-continue\r\nContent-Length: {length}\r\n\r\n", body),
        };
    }

    private static string Start(string method, string target, string headers) =>
        $"{method} {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}";

    private static string Chunk(byte[] body, string? length) =>
        body.Length == 0 && length is null
            ? ""
            : $"{length ?? body.Length.ToString("x", CultureInfo.InvariantCulture)}\r\n{Encoding.Latin1.GetString(body)}\r\n";

    private static ForgedRequest Short(string head, byte[] body) => new(Join(head, body), IsShort: true);

    private static string Of(string[] words, Seeded random) => words[random.Below(words.Length)];

    private static byte[] Join(string head, byte[] body) => [.. Encoding.Latin1.GetBytes(head), .. body];
}
