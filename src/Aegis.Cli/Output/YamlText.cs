using System.Text.Json.Nodes;
using YamlDotNet.Serialization;

namespace Aegis.Cli.Output;

/// <summary>Writes JSON as YAML. Strings that YAML would read as another type are quoted.</summary>
internal static class YamlText
{
    private static readonly ISerializer Serializer = new SerializerBuilder().WithQuotingNecessaryStrings().WithIndentedSequences().Build();

    public static string Of(JsonNode? node) => Serializer.Serialize(Plain(node));

    private static object? Plain(JsonNode? node) => node switch
    {
        null => null,
        JsonObject o => o.ToDictionary(m => m.Key, m => Plain(m.Value)),
        JsonArray a => a.Select(Plain).ToList(),
        _ => node.GetValueKind() switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Number => Number(node.ToJsonString()),
            _ => node.ToString(),
        },
    };

    private static object Number(string text) =>
        long.TryParse(text, CultureInfo.InvariantCulture, out var whole) ? whole : double.Parse(text, CultureInfo.InvariantCulture);
}
