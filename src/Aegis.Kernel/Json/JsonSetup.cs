using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Aegis.Kernel.Json;

/// <summary>How Aegis reads and writes JSON.</summary>
public static class JsonSetup
{
    private const int MaxDepth = 32;

    /// <summary>
    /// Members without a value are written as null, enums in snake_case, times in UTC with Z. What is stored is read leniently;
    /// <see cref="KnownInputFilter"/> refuses unknown members of calls.
    /// </summary>
    public static void Apply(JsonSerializerOptions options)
    {
        options.MaxDepth = MaxDepth;
        options.AllowDuplicateProperties = false; // two readers could take two different ones
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

    /// <summary>RFC 3339 in UTC with Z; without fraction when it is a whole second.</summary>
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
    /// An object of any form. A member that is there twice is an error of the body; by itself the framework reports it as a failure of
    /// ours.
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
                throw new JsonException("A member is there twice.");
            }
        }

        public override void Write(Utf8JsonWriter writer, JsonObject value, JsonSerializerOptions options) =>
            JsonMetadataServices.JsonObjectConverter.Write(writer, value, options);
    }
}
