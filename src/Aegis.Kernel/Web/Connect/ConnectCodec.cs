using Google.Protobuf;
using Microsoft.Net.Http.Headers;

namespace Aegis.Kernel.Web.Connect;

/// <summary>A message format: the canonical JSON of Protocol Buffers, or their binary format.</summary>
internal abstract class ConnectCodec(string contentType)
{
    private const string Json = "application/json";
    private const string Proto = "application/proto";

    /// <summary>The types that a 415 lists in <c>Accept-Post</c>.</summary>
    public const string Supported = $"{Json}, {Proto}";

    private static readonly ConnectCodec JsonMessages = new AsJson();
    private static readonly ConnectCodec BinaryMessages = new AsBinary();

    /// <summary>The content type of requests and responses.</summary>
    public string ContentType => contentType;

    /// <summary>The codec for the request's content type, or null.</summary>
    public static ConnectCodec? Of(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)) return null;
        if (type.MediaType.Equals(Proto, StringComparison.OrdinalIgnoreCase)) return type.Parameters.Count == 0 ? BinaryMessages : null;
        if (!type.MediaType.Equals(Json, StringComparison.OrdinalIgnoreCase)) return null;
        var known = type.Parameters.All(p => p.Name.Equals("charset", StringComparison.OrdinalIgnoreCase))
            && (type.Charset.Length == 0 || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase));
        return known ? JsonMessages : null;
    }

    public abstract T Read<T>(ReadOnlyMemory<byte> body)
        where T : class, IMessage<T>, new();

    public abstract byte[] Write(IMessage message);

    private sealed class AsJson() : ConnectCodec(Json)
    {
        private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default.WithFormatDefaultValues(true));

        public override T Read<T>(ReadOnlyMemory<byte> body) => ConnectJson.Read<T>(body);

        public override byte[] Write(IMessage message) => Encoding.UTF8.GetBytes(Formatter.Format(message));
    }

    private sealed class AsBinary() : ConnectCodec(Proto)
    {
        public override T Read<T>(ReadOnlyMemory<byte> body)
        {
            try
            {
                var message = new T();
                message.MergeFrom(new CodedInputStream(body.ToArray()));
                return message;
            }
            catch (InvalidProtocolBufferException)
            {
                throw Invalid.Field("", $"The body is not a binary message of the type {new T().Descriptor.FullName}.");
            }
        }

        public override byte[] Write(IMessage message) => message.ToByteArray();
    }
}
