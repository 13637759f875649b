using System.Text.Json.Serialization;

namespace Aegis.Kernel.Json;

/// <summary>A member of a patch (RFC 7396): left out it changes nothing, and <c>null</c> is a value like others.</summary>
/// <param name="Value">What was sent, when it was.</param>
[JsonConverter(typeof(OptionalConverter))]
public readonly record struct Optional<T>(T? Value)
{
    /// <summary>True when the member was there.</summary>
    public bool IsSent { get; } = true;

    /// <summary>What was sent, or what is there already.</summary>
    public T? Or(T? present) => IsSent ? Value : present;
}

/// <summary>Reads what is there; what is not there never comes here.</summary>
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
                throw new JsonException(e.Message, e); // its path begins here; without one this gets that of the member
            }
        }

        public override void Write(Utf8JsonWriter writer, Optional<T> value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value.Value, options);
    }
}
