using System.Text.Json.Serialization;

namespace Aegis.Kernel.Json;

/// <summary>A member of a merge patch (RFC 7396). A missing member changes nothing; <c>null</c> is a value.</summary>
/// <param name="Value">The value that was sent, if any.</param>
[JsonConverter(typeof(OptionalConverter))]
public readonly record struct Optional<T>(T? Value)
{
    /// <summary>True when the member was sent.</summary>
    public bool IsSent { get; } = true;

    /// <summary>Returns the sent value, or <paramref name="present"/> when none was sent.</summary>
    public T? Or(T? present) => IsSent ? Value : present;
}

/// <summary>Reads sent members. The serializer does not call it for missing ones.</summary>
internal sealed class OptionalConverter : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) =>
        typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(Optional<>);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Converter<>).MakeGenericType(typeToConvert.GetGenericArguments()))!;

    private sealed class Converter<T> : JsonConverter<Optional<T>>
    {
        public override bool HandleNull => true;

        public override Optional<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            try
            {
                return new(JsonSerializer.Deserialize<T>(ref reader, options));
            }
            catch (JsonException e)
            {
                throw new JsonException(e.Message, e); // this exception's path starts at the value; a new one gets the path of the member
            }
        }

        public override void Write(Utf8JsonWriter writer, Optional<T> value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value.Value, options);
    }
}
