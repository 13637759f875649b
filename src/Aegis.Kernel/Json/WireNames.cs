using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Aegis.Kernel.Json;

/// <summary>Writes the members of a type, or of all types of an assembly, in snake_case instead of camelCase.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Assembly)]
public sealed class SnakeCaseAttribute : Attribute;

/// <summary>The wire names of members.</summary>
public static class WireNames
{
    /// <summary>The naming policy of one type: the type's attribute, otherwise its assembly's.</summary>
    public static JsonNamingPolicy PolicyOf(Type type) =>
        type.IsDefined(typeof(SnakeCaseAttribute)) || type.Assembly.IsDefined(typeof(SnakeCaseAttribute))
            ? JsonNamingPolicy.SnakeCaseLower
            : JsonNamingPolicy.CamelCase;

    public static string Of(Type type, MemberInfo member) =>
        member.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? PolicyOf(type).ConvertName(member.Name);

    /// <summary>Renames the members of one type for the serializer.</summary>
    internal static void Rename(JsonTypeInfo type)
    {
        if (type.Kind is not JsonTypeInfoKind.Object || PolicyOf(type.Type) == JsonNamingPolicy.CamelCase) return;
        foreach (var property in type.Properties)
        {
            if (property.AttributeProvider is MemberInfo member) property.Name = Of(type.Type, member);
        }
    }
}
