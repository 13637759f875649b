using System.Text.Encodings.Web;
using System.Text.Json.Nodes;

namespace Aegis.Cli.Output;

/// <summary>The format of results.</summary>
internal enum OutputFormat { Table, Json, Yaml }

/// <summary>Writes results as a table, JSON or YAML. JSON and YAML use the member names of the HTTP API.</summary>
internal sealed class Printer(CommandEnvironment around, OutputFormat format)
{
    private static readonly JsonSerializerOptions Camel = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        Converters = { new UtcTimes() },
    };

    private static readonly JsonSerializerOptions OneLine = new(Camel) { WriteIndented = false };

    private static readonly JsonSerializerOptions Snake = new(Camel) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public bool IsTable => format == OutputFormat.Table;

    /// <summary>One object. The table shows one member per line.</summary>
    public void Show<T>(T value)
    {
        var node = JsonSerializer.SerializeToNode(value, Named<T>())!;
        if (IsTable) Tables.WriteMembers(around, node.AsObject());
        else Write(node);
    }

    /// <summary>A list. The table shows the given columns, by their wire names.</summary>
    public void ShowAll<T>(IEnumerable<T> values, params string[] columns)
    {
        var rows = new JsonArray([.. values.Select(v => JsonSerializer.SerializeToNode(v, Named<T>()))]);
        if (IsTable) Tables.WriteRows(around, rows, columns);
        else Write(rows);
    }

    /// <summary>One of many results, as a line of JSON (NDJSON), in every format.</summary>
    public void WriteLine<T>(T value) => around.Out.WriteLine(JsonSerializer.Serialize(value, OneLine));

    /// <summary>A message about what was done. It goes to the error stream when a program reads the results.</summary>
    public void Say(string line) => (IsTable ? around.Out : around.Error).WriteLine(line);

    private static JsonSerializerOptions Named<T>() => typeof(T).Namespace == "Aegis.Sdk.Vault" ? Snake : Camel;

    private void Write(JsonNode node)
    {
        if (format == OutputFormat.Yaml) around.Out.Write(YamlText.Of(node));
        else around.Out.WriteLine(node.ToJsonString(Camel));
    }
}

/// <summary>Times as in the HTTP API: UTC with <c>Z</c>.</summary>
internal sealed class UtcTimes : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFZ", CultureInfo.InvariantCulture));
}
