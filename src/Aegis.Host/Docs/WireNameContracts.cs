using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using Aegis.Kernel.Json;

namespace Aegis.Host.Docs;

/// <summary>Gives the generator the names, required members and nullability that the serializer uses.</summary>
internal sealed class WireNameContracts(JsonSerializerOptions options) : ISerializerDataContractResolver
{
    private readonly JsonSerializerDataContractResolver standard = new(options);

    public DataContract GetDataContractForType(Type type)
    {
        if (type == typeof(JsonNode)) return DataContract.ForDynamic(type); // any value, not the members of the class
        var contract = standard.GetDataContractForType(type);
        if (contract.DataType is not DataType.Object) return contract;
        var info = options.GetTypeInfo(type);
        if (info.Kind is not JsonTypeInfoKind.Object) return contract;

        // Ignored members are listed but neither read nor written.
        var members = info.Properties.Where(p => p.AttributeProvider is MemberInfo && (p.Get is not null || p.Set is not null))
            .Select(p => Member(p, (MemberInfo)p.AttributeProvider!));
        return DataContract.ForObject(type, members, jsonConverter: contract.JsonConverter);
    }

    /// <summary>Returns the inner type of a patch member; null for other types.</summary>
    internal static Type? InnerType(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Optional<>) ? type.GetGenericArguments()[0] : null;

    /// <summary>Describes a member. A patch member has its inner type on the wire and is optional.</summary>
    private static DataProperty Member(JsonPropertyInfo property, MemberInfo member)
    {
        var inner = InnerType(property.PropertyType);
        return new DataProperty(
            property.Name,
            inner ?? property.PropertyType,
            isRequired: inner is null && (property.IsRequired || property.AssociatedParameter is { HasDefaultValue: false }),
            isNullable: inner is null ? property.IsGetNullable : !inner.IsValueType || Nullable.GetUnderlyingType(inner) is not null,
            isReadOnly: false,
            isWriteOnly: false,
            memberInfo: member);
    }
}
