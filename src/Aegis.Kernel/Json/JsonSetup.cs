using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Aegis.Kernel.Json;

/// <summary>
/// The JSON settings of Aegis, for requests, responses and stored JSON.
/// <see cref="WireNames"/> and <see cref="WireWords"/> give the wire names of members and enum values. <see cref="Rfc3339"/> parses times.
/// <see cref="Optional{T}"/> tells a missing patch member from null, and <see cref="MergePatch"/> applies a patch. Malformed JSON throws a
/// JsonException, which becomes 400.
/// </summary>
public static class JsonSetup
{
    private const int MaxDepth = 32;

    /// <summary>
    /// Missing values are written as null, enums in snake_case, times in UTC with Z. Stored JSON is read leniently; <see
    /// cref="KnownInputFilter"/> refuses unknown members in requests.
    /// </summary>
    public static void Apply(JsonSerializerOptions options)
    {
        options.MaxDepth = MaxDepth;
        options.AllowDuplicateProperties = false; // two readers could use different ones of the two values
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        options.AllowOutOfOrderMetadataProperties = true;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
        options.Converters.Add(new UtcTime());
        options.Converters.Add(new PlainObject());
        options.TypeInfoResolver = new DefaultJsonTypeInfoResolver().WithAddedModifier(WireNames.Rename);
    }

    /// <summary>Writes RFC 3339 in UTC with Z, without a fraction for whole seconds.</summary>
    private sealed class UtcTime : JsonConverter<DateTimeOffset>
    {
        private const string Whole = "yyyy-MM-dd'T'HH:mm:ss'Z'";
        private const string Fraction = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'";

        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            Rfc3339.Parse(reader.GetString() ?? "") ?? throw new JsonException(Rfc3339.NotATime);

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
        {
            var utc = value.UtcDateTime;
            writer.WriteStringValue(
                utc.ToString(utc.Ticks % TimeSpan.TicksPerSecond == 0 ? Whole : Fraction, CultureInfo.InvariantCulture));
        }
    }

    /// <summary>
    /// A free-form object. A duplicate member becomes a JsonException, which is the caller's error. The framework throws ArgumentException,
    /// which would count as a server error.
    /// </summary>
    private sealed class PlainObject : JsonConverter<JsonObject>
    {
        public override JsonObject? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            try
            {
                return JsonMetadataServices.JsonObjectConverter.Read(ref reader, typeToConvert, options);
            }
            catch (ArgumentException)
            {
                throw new JsonException("A member occurs twice.");
            }
        }

        public override void Write(Utf8JsonWriter writer, JsonObject value, JsonSerializerOptions options) =>
            JsonMetadataServices.JsonObjectConverter.Write(writer, value, options);
    }
}
