using System.Text.Encodings.Web;
using Aegis.Kernel.Web.Connect.Details;
using Google.Protobuf;

namespace Aegis.Kernel.Web.Connect;

/// <summary>Writes an error of the Connect protocol: code, message and details, always as uncompressed JSON.</summary>
internal static class ConnectError
{
    private const string Domain = "aegis";
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task Write(
        HttpContext context, int refusalStatus, string code, string message, IReadOnlyDictionary<string, object?> members)
    {
        var category = ConnectCode.Of(refusalStatus);
        context.Response.StatusCode = category.Status;
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        // here this code always means an unsupported encoding
        if (category == ConnectCode.Unimplemented) context.Response.Headers.AcceptEncoding = ConnectCall.Encodings;
        await context.Response.Body.WriteAsync(Body(category, message, Details(context, code, members)), context.RequestAborted);
    }

    private static List<IMessage> Details(HttpContext context, string code, IReadOnlyDictionary<string, object?> members)
    {
        var info = new ErrorInfo { Reason = code, Domain = Domain, Metadata = { ["traceId"] = Problem.TraceIdOf(context) } };
        var details = new List<IMessage> { info };
        foreach (var (name, value) in members)
        {
            if (value is IReadOnlyDictionary<string, string[]> errors) details.Add(Violations(errors));
            else if (value is not null) info.Metadata[name] = Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture);
        }

        return details;
    }

    private static BadRequest Violations(IReadOnlyDictionary<string, string[]> errors)
    {
        var violations =
            errors.SelectMany(e => e.Value.Select(d => new BadRequest.Types.FieldViolation { Field = e.Key, Description = d }));
        return new BadRequest { FieldViolations = { violations } };
    }

    private static ReadOnlyMemory<byte> Body(ConnectCode category, string message, List<IMessage> details)
    {
        var bytes = new System.Buffers.ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(bytes, Options);
        json.WriteStartObject();
        json.WriteString("code", category.Name);
        json.WriteString("message", message);
        json.WriteStartArray("details");
        foreach (var detail in details)
        {
            json.WriteStartObject();
            json.WriteString("type", detail.Descriptor.FullName);
            json.WriteString("value", detail.ToByteString().ToBase64().TrimEnd('='));
            json.WritePropertyName("debug");
            json.WriteRawValue(JsonFormatter.Default.Format(detail));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return bytes.WrittenMemory;
    }
}
