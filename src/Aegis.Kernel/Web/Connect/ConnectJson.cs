using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Aegis.Kernel.Web.Connect;

/// <summary>
/// Reads the canonical JSON of Protocol Buffers (https://protobuf.dev/programming-guides/json). Google's parser does not say which member
/// is wrong, and rounds large integers written as numbers; this one names the member and is exact. Well-known types and maps are not
/// supported, because no procedure uses them.
/// </summary>
internal static class ConnectJson
{
    private const int MaxDepth = 32;
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = MaxDepth };

    public static T Read<T>(ReadOnlyMemory<byte> body)
        where T : class, IMessage<T>, new()
    {
        var message = new T();
        try
        {
            using var document = JsonDocument.Parse(body, Options);
            Fill(message, document.RootElement, "");
        }
        // InvalidOperationException: a string is not valid Unicode
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Invalid.Field("", "The body is not valid JSON in UTF-8.");
        }

        return message;
    }

    private static void Fill(IMessage message, JsonElement json, string path)
    {
        if (json.ValueKind is not JsonValueKind.Object) throw Invalid.Field(path, "It must be an object.");
        foreach (var member in json.EnumerateObject())
        {
            if (Find(message.Descriptor, member.Name) is not { } field || member.Value.ValueKind is JsonValueKind.Null) continue;
            var at = path.Length == 0 ? field.JsonName : $"{path}.{field.JsonName}";
            if (field.IsMap) throw new NotSupportedException($"{field.FullName} is a map.");
            if (field.IsRepeated) FillList(message, field, member.Value, at);
            else field.Accessor.SetValue(message, Value(field, member.Value, at));
        }
    }

    private static void FillList(IMessage message, FieldDescriptor field, JsonElement json, string path)
    {
        if (json.ValueKind is not JsonValueKind.Array) throw Invalid.Field(path, "It must be a list.");
        var list = (System.Collections.IList)field.Accessor.GetValue(message);
        list.Clear();
        foreach (var item in json.EnumerateArray()) list.Add(Value(field, item, $"{path}[{list.Count}]"));
    }

    /// <summary>Finds a field by either of its names. Unknown names are ignored.</summary>
    private static FieldDescriptor? Find(MessageDescriptor type, string name)
    {
        foreach (var field in type.Fields.InDeclarationOrder())
        {
            if (field.JsonName == name || field.Name == name) return field;
        }

        return null;
    }

    private static object Value(FieldDescriptor field, JsonElement json, string path) => field.FieldType switch
    {
        FieldType.String => json.ValueKind is JsonValueKind.String ? json.GetString()! : throw Invalid.Field(path, "It must be a string."),
        FieldType.Bool =>
            json.ValueKind is JsonValueKind.True or JsonValueKind.False
                ? json.GetBoolean()
                : throw Invalid.Field(path, "It must be true or false."),
        FieldType.Double => Real(json, path),
        FieldType.Float => (float)Real(json, path),
        FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 => (long)Whole(json, path, long.MinValue, long.MaxValue),
        FieldType.UInt64 or FieldType.Fixed64 => (ulong)Whole(json, path, ulong.MinValue, ulong.MaxValue),
        FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 => (int)Whole(json, path, int.MinValue, int.MaxValue),
        FieldType.UInt32 or FieldType.Fixed32 => (uint)Whole(json, path, uint.MinValue, uint.MaxValue),
        FieldType.Enum => EnumValue(field.EnumType, json, path),
        FieldType.Bytes => Bytes(json, path),
        FieldType.Message => Nested(field.MessageType, json, path),
        _ => throw new NotSupportedException($"{field.FullName} has a type that is not read."),
    };

    private static IMessage Nested(MessageDescriptor type, JsonElement json, string path)
    {
        if (type.FullName.StartsWith("google.protobuf.", StringComparison.Ordinal))
            throw new NotSupportedException($"{type.FullName} is not read.");
        var message = (IMessage)Activator.CreateInstance(type.ClrType)!;
        Fill(message, json, path);
        return message;
    }

    /// <summary>Reads a whole number, written as a number or a string. <c>900.0</c> and <c>9e2</c> are whole.</summary>
    private static decimal Whole(JsonElement json, string path, decimal min, decimal max)
    {
        var isWhole =
            decimal.TryParse(Digits(json), NumberStyles.Float & ~NumberStyles.AllowLeadingWhite & ~NumberStyles.AllowTrailingWhite,
                CultureInfo.InvariantCulture, out var number)
            && number == decimal.Truncate(number);
        return isWhole && number >= min && number <= max
            ? number
            : throw Invalid.Field(path, $"It must be a whole number between {min} and {max}.");
    }

    private static double Real(JsonElement json, string path)
    {
        var text = Digits(json);
        if (json.ValueKind is JsonValueKind.String)
        {
            switch (text)
            {
                case "NaN": return double.NaN;
                case "Infinity": return double.PositiveInfinity;
                case "-Infinity": return double.NegativeInfinity;
            }
        }

        const NumberStyles plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return double.TryParse(text, plain, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : throw Invalid.Field(path, "It must be a number.");
    }

    private static string? Digits(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Number => json.GetRawText(),
        JsonValueKind.String => json.GetString(),
        _ => null,
    };

    /// <summary>Reads an enum value by name or number. Unknown numbers are kept, as in the binary format.</summary>
    private static object EnumValue(EnumDescriptor type, JsonElement json, string path)
    {
        if (json.ValueKind is JsonValueKind.Number) return Enum.ToObject(type.ClrType, (int)Whole(json, path, int.MinValue, int.MaxValue));
        var known = json.ValueKind is JsonValueKind.String ? type.FindValueByName(json.GetString()) : null;
        return known is not null
            ? Enum.ToObject(type.ClrType, known.Number)
            : throw Invalid.Field(path, $"It must be one of {string.Join(", ", type.Values.Select(v => v.Name))}.");
    }

    /// <summary>Reads base64 of either alphabet, with or without padding.</summary>
    private static ByteString Bytes(JsonElement json, string path)
    {
        var text = json.ValueKind is JsonValueKind.String ? json.GetString()!.TrimEnd('=').Replace('-', '+').Replace('_', '/') : "!";
        try
        {
            return ByteString.FromBase64(text.PadRight((text.Length + 3) / 4 * 4, '='));
        }
        catch (FormatException)
        {
            throw Invalid.Field(path, "It must be base64.");
        }
    }
}
