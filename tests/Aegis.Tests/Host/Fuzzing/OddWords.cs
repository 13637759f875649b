namespace Aegis.Tests.Host.Fuzzing;

/// <summary>Unexpected values.</summary>
internal static class OddWords
{
    private static readonly string[] Segments =
    [
        "%20", "%C2%A0", "%00", "%0a", "%0d%0aX:y", "%2F", "%5C", "%FF", "%C0%AF", "%ED%A0%80", "..", "%2e%2e", ".", ";x=y", "%", "%zz",
        "%u0041", "%25%32%30",
        "a%20b", "a%20", "%E2%80%AE", "\u00e9", "{id}", "*", "'", "\"", "%F0%9F%A9%BB", "+", "req_1%20",
        "aegis_00000000000000000000000000000000000000000000000000",
        "eyJhbGciOiJub25lIn0x.eyJzdWIiOiIxMjM0NTYifQ.aaaaaaaaaaaaaaaa", "~", "-1", "0", "null", "x001", "000.p/0", "%09",
    ];

    private static readonly string[] Queries =
    [
        "", "-1", "0", "1", "99999999999999999999", "1.5", "NaN", "true", "%00", "%", "%zz", "%FF", "a[=1", "[", "]", "a%20b", "%20", "'",
        "pending", "2026-13-45T99:99:99Z",
        "9999-12-31T23:59:59.9999999Z", "0001-01-01T00:00:00%2B14:00", "%F0%9F%A9%BB", "*", "%ED%A0%80", "eyJ9", "AAAA", "==", "limit",
        "null", "%0d%0a", "1&limit=2", "1=2=3",
    ];

    private static readonly string[] Texts =
    [
        "\"\"", "\" \"", "null", "0", "-1", "1e400", "1E+2147483648", "true", "[]", "{}", "[[]]", "\"\\u0000\"", "\"\\ud800\"",
        "\"\\udc00x\"", "\"\\u202e\"", "\"\\u00a0\"",
        "\"9999-12-31T23:59:59.9999999Z\"", "\"0001-01-01\"", "\"2026-02-30\"", "\"02/30/1971\"", "\"http://[\"",
        "\"http://169.254.169.254/\"", "\"javascript:x\"", "\"a@b\"",
        "\"*\"", "\"..\"", "\"' OR 1=1\"", "\"{{value}}\"", "123456789012345678901234567890", "\"prov_123\"", "\"7d\"",
        "\"\\uD83E\\uDE7B\"", "\"$type\"", "\"60 60 24 * ?\"",
    ];

    private static readonly string[] Types =
    [
        "", "application/json; charset=utf-16", "application/json; charset=utf-7", "application/json; charset=none", "application/json;;;",
        "*/*", "text/plain",
        "application/x-www-form-urlencoded", "multipart/form-data",
        "multipart/form-data; boundary=", "multipart/form-data; boundary=\"a b\"", "multipart/form-data; boundary=b",
        "application/problem+json", "application/dicom", "application/zip", "json",
        "application/json, application/json", "application/proto", "application/connect+json", "/", ";", "\u00e9",
        "application/json; charset=\"", "application/x-www-form-urlencoded; charset=utf-7",
    ];

    private static readonly string[] Headers =
    [
        "Content-Encoding: gzip", "Content-Encoding: br", "Content-Encoding: none", "Content-Encoding: gzip, gzip", "Accept: ",
        "Accept: */*;q=x", "Accept: text/html", "Accept: ;;", "Accept: application/xml",
        "If-Match: *", "If-Match: five", "If-Match: W/\"1\"", "If-Match: \"", "If-None-Match: \"", "If-None-Match: *", "If-Range: x",
        "Range: bytes=-", "Range: bytes=9-1", "Range: bytes=0-0,5-9",
        "Range: bytes=99999999999999999999-", "Range: x", "Idempotency-Key: ", "Idempotency-Key: k", "Idempotency-Key: a\tb",
        "Idempotency-Key: \u00e9", "X-Request-Id: \u00e9", "X-Request-Id: a b",
        "traceparent: 00-x-y-z", "traceparent: 00-00000000000000000000000000000000-0000000000000000-00", "baggage: ,,,=", "Expect: x",
        "Upgrade: websocket\r\nConnection: Upgrade", "Upgrade: h2c",
        "Accept-Encoding: gzip;q=5", "Accept-Language: \u00e9", "Forwarded: for=\"", "X-Forwarded-For: x, y", "X-Forwarded-Proto: ftp",
        "X-Original-For: x", "Connect-Protocol-Version: 1",
        "Connect-Protocol-Version: 2", "Connect-Timeout-Ms: -1", "Connect-Timeout-Ms: 99999999999", "Prefer: handling=x", "Cookie: a",
        "Cookie: =;=;", "Cookie: __Host-aegis-form=x", "Cookie: aegis-form=CfDJ8AAAA",
        "Cookie: __Host-aegis-session=CfDJ8AAAA; __Host-aegis-session=x", "Origin: null", "Origin: \u00e9", "Sec-Fetch-Site: cross-site",
        "X-HTTP-Method-Override: DELETE", "X-Status-Token: x", "X-Api-Key: ",
        "X-Api-Key: aegis_x", "Date: x", "Host: y", "Transfer-Encoding: ", "User-Agent: " + "\u0080", "Max-Forwards: -1", "Via: 1.1 x",
        "TE: trailers",
    ];

    private static readonly string[] Credentials =
    [
        "Authorization: Bearer a.b.c", "Authorization: Bearer ", "Authorization: Bearer ..", "Authorization: Basic x",
        "Authorization: Basic YTpi", "Authorization: Basic Og==", "Authorization: Digest x",
        "Authorization: \u00e9", "Authorization: Bearer aegis_00000000000000000000000000000000000000000000000000",
        "Authorization: Bearer a\r\nAuthorization: Bearer b",
        "Authorization: Bearer eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0.eyJzdWIiOiIxIn0.",
        "Authorization: Bearer eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCIsImtpZCI6IngifQ.e30.AAAA", "X-Api-Key: x",
        "Authorization: Bearer eyJhbGciOiJFUzI1NiIsImtpZCI6WzFdfQ.bnVsbA.AAAA", "Authorization: Bearer W10.W10.W10",
        "Authorization: Bearer aegis_rt_00000000000000000000000000_x", "Authorization: bearer",
        "Authorization: Bearer a.b.c.d.e", "Authorization: Bearer eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkExMjhHQ00ifQ.a.b.c.d",
    ];

    private static readonly string[] Methods =
        ["TRACE", "OPTIONS", "HEAD", "CONNECT", "get", "BREW", "PROPFIND", "PATCH", "DELETE", "PUT", "G\u00e9T", "M-SEARCH", new('A', 300)];

    public static string Segment(Seeded random) => random.Below(40) == 0 ? new string('a', 7_000) : Of(Segments, random);

    public static string QueryValue(Seeded random) => random.Below(60) == 0 ? new string('b', 6_000) : Of(Queries, random);

    public static string ContentType(Seeded random) => Of(Types, random);

    public static string Header(Seeded random) => Of(Headers, random);

    public static string Credential(Seeded random) =>
        random.Below(30) == 0 ? $"Authorization: Bearer {new string('x', 20_000)}" : Of(Credentials, random);

    public static string Method(Seeded random) => Of(Methods, random);

    /// <summary>Returns a JSON value.</summary>
    public static string JsonText(Seeded random) =>
        random.Below(30) == 0 ? JsonSerializer.Serialize(new string('c', 10_000)) : Of(Texts, random);

    private static string Of(string[] words, Seeded random) => words[random.Below(words.Length)];
}
