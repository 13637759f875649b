namespace Aegis.Tests.Host.Fuzzing;

/// <summary>One request as bytes.</summary>
/// <param name="Bytes">The bytes to send.</param>
/// <param name="IsShort">True when it may announce more than it sends, so the sender must close its side.</param>
internal sealed record ForgedRequest(byte[] Bytes, bool IsShort);

/// <summary>Makes malformed requests. The same number and seed give the same request, except for ids and keys of the host.</summary>
internal sealed class RequestForge(Operations operations, ulong seed, IReadOnlyDictionary<string, string> objects)
{
    /// <summary>Request number <paramref name="number"/>, with this credential.</summary>
    public (Operation Operation, ForgedRequest Request) Make(int number, string? credential)
    {
        var random = new Seeded((seed << 32) + (ulong)number + 1);
        var operation = operations.All[number % operations.All.Count];
        var kind = random.Below(5); // the malformed part; in one of five requests every part may be malformed
        var odd = (int part) => kind == 4 ? random.Below(2) == 0 : kind == part;

        var path = Path(operation, random, odd(0));
        if (odd(0) ? random.Below(2) == 0 : random.Below(4) == 0) path += "?" + Query(operation, random);
        var method = random.Below(40) == 0 ? OddWords.Method(random) : operation.Method;
        var headers = new StringBuilder();
        if (credential is not null) headers.Append("Authorization: Bearer ").Append(credential).Append("\r\n");
        else if (random.Below(2) == 0) headers.Append(OddWords.Credential(random)).Append("\r\n");
        if (odd(1)) for (var i = random.Below(4); i >= 0; i--) headers.Append(OddWords.Header(random)).Append("\r\n");

        var withBody = operation.Method is "POST" or "PUT" or "PATCH" || random.Below(20) == 0;
        var body = withBody ? Body(operation, random, odd(2)) : [];
        var type = odd(2) && random.Below(3) == 0 ? OddWords.ContentType(random) : TypeOf(operation, random);
        if (withBody) headers.Append("Content-Type: ").Append(type).Append("\r\n");
        return (operation, odd(3)
            ? Framing.Odd(method, path, headers.ToString(), body, random)
            : Framing.Plain(method, path, headers.ToString(), body, withBody));
    }

    private static string TypeOf(Operation operation, Seeded random) => operation.ContentTypes switch
    {
        [] => operation.Path.StartsWith("/v1", StringComparison.Ordinal) ? "application/json" : "application/x-www-form-urlencoded",
        var types => types[random.Below(types.Count)].Replace("form-data", "form-data; boundary=b", StringComparison.Ordinal),
    };

    private string Path(Operation operation, Seeded random, bool odd)
    {
        var segments = operation.Path.Split('/');
        for (var i = 0; i < segments.Length; i++)
        {
            if (!segments[i].StartsWith('{')) continue;
            // DELETE gets no real object, because the other requests need it.
            var id = operation.Method is not "DELETE" ? objects.GetValueOrDefault(segments[i - 1]) : null;
            segments[i] = odd && random.Below(2) == 0 ? OddWords.Segment(random) : id ?? "req_01jabcdefghjkmnpqrstvwxyz0";
        }

        var path = string.Join('/', segments);
        if (!odd) return path;
        return random.Below(8) switch
        {
            0 => path + OddWords.Segment(random),
            1 => path + "/" + OddWords.Segment(random),
            2 => path.ToUpperInvariant(),
            3 => path + "/",
            4 => path.Replace("/", "//", StringComparison.Ordinal),
            5 => path.Insert(random.Below(path.Length), OddWords.Segment(random)),
            _ => path,
        };
    }

    private static string Query(Operation operation, Seeded random)
    {
        var names = operation.Query.Concat(["limit", "cursor", "a[", "wait", "", "status", "confirm"]).ToList();
        var pairs = new List<string>();
        for (var i = random.Below(4); i >= 0; i--) pairs.Add($"{names[random.Below(names.Count)]}={OddWords.QueryValue(random)}");
        return random.Below(10) == 0 ? OddWords.QueryValue(random) : string.Join('&', pairs);
    }

    private byte[] Body(Operation operation, Seeded random, bool odd)
    {
        if (operation.Body is not { } schema) return odd || random.Below(2) == 0 ? OddBodies.Form(random) : "{}"u8.ToArray();
        var valid = operations.Valid(schema, random, () => odd || random.Below(3) == 0 ? OddWords.JsonText(random) : "\"text\"");
        return odd ? OddBodies.Spoil(valid, random) : Encoding.UTF8.GetBytes(valid);
    }
}
