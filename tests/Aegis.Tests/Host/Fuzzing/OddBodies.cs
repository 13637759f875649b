namespace Aegis.Tests.Host.Fuzzing;

/// <summary>Malformed bodies.</summary>
internal static class OddBodies
{
    private static readonly string[] Forms =
    [
        "a[=1", "[=1", "a[b", "a[b]c=1", "%", "=", "&&", "a=%00", "grant_type=refresh_token&grant_type=x",
        "grant_type=client_credentials&client_id=x&client_secret=y", "a=%zz", "%FF=%FF",
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&client_id=aegis-cli&device_code=x",
        "client_id=aegis-cli&scope=%00", "token=a.b.c", "form=x&Email=a&Password=b",
        "--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nx\r\n--b--", "--b\r\n\r\n", "--b--",
        "--b\r\nContent-Disposition: x\r\n\r\n--b\r\n", "DICM", "PK\x03\x04",
    ];

    public static byte[] Form(Seeded random) => random.Below(20) switch
    {
        0 => random.Bytes(random.Below(2_000)),
        1 => Encoding.ASCII.GetBytes(string.Join('&', Enumerable.Range(0, 2_000).Select(i => $"k{i}=v"))),
        2 => Encoding.ASCII.GetBytes("a=" + new string('x', 100_000)),
        3 => [],
        _ => Encoding.Latin1.GetBytes(Forms[random.Below(Forms.Length)]),
    };

    public static byte[] Spoil(string json, Seeded random) => random.Below(18) switch
    {
        0 => Encoding.UTF8.GetBytes(json[..random.Below(json.Length + 1)]),
        1 => Encoding.UTF8.GetBytes(new string('[', 200) + json + new string(']', 200)),
        2 => [.. Encoding.UTF8.GetBytes(json), 0xFF, 0xFE],
        3 => [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(json)],
        4 => Encoding.Unicode.GetBytes(json),
        5 => Encoding.UTF8.GetBytes($"[{json}]"),
        6 => Encoding.UTF8.GetBytes(json + json),
        7 => Encoding.UTF8.GetBytes(json.Replace("\"text\"", OddWords.JsonText(random), StringComparison.Ordinal)),
        8 => Encoding.UTF8.GetBytes(json.Replace("\":", "\":{\"$type\":\"x\",\"__proto__\":", StringComparison.Ordinal)),
        9 => Encoding.UTF8.GetBytes("{" + string.Join(',', Enumerable.Repeat(json.Length > 2 ? json[1..^1] : "\"a\":1", 20)) + "}"),
        10 => Flip(Encoding.UTF8.GetBytes(json), random),
        11 => random.Bytes(random.Below(500)),
        12 => "null"u8.ToArray(),
        13 => "\"text\""u8.ToArray(),
        14 => random.Below(20) == 0 ? Encoding.UTF8.GetBytes($"{{\"a\":\"{new string('x', 1_100_000)}\"}}") : "{}"u8.ToArray(),
        15 => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", 100)) + "1" + new string('}', 100)),
        16 => Encoding.UTF8.GetBytes("/*c*/" + json + ",//"),
        _ => Encoding.UTF8.GetBytes(json),
    };

    private static byte[] Flip(byte[] bytes, Seeded random)
    {
        for (var i = 0; i < 3 && bytes.Length > 0; i++) bytes[random.Below(bytes.Length)] ^= (byte)(1 << random.Below(8));
        return bytes;
    }
}
