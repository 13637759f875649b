using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using Aegis.Kernel.Json;

namespace Aegis.Host.Docs;

/// <summary>Tells the generator the names, required members and nullability that the serializer really uses.</summary>
internal sealed class WireNameContracts(JsonSerializerOptions options) : ISerializerDataContractResolver
{
    private readonly JsonSerializerDataContractResolver standard = new(options);

    public DataContract GetDataContractForType(Type type)
    {
        if (type == typeof(JsonNode)) return DataContract.ForDynamic(type); // any value, not the members of a class
        var contract = standard.GetDataContractForType(type);
        if (contract.DataType is not DataType.Object) return contract;
        var info = options.GetTypeInfo(type);
        if (info.Kind is not JsonTypeInfoKind.Object) return contract;

        // One that is ignored is listed, but neither read nor written.
        var members = info.Properties.Where(p => p.AttributeProvider is MemberInfo && (p.Get is not null || p.Set is not null))
            .Select(p => Member(p, (MemberInfo)p.AttributeProvider!));
        return DataContract.ForObject(type, members, jsonConverter: contract.JsonConverter);
    }

    /// <summary>What a member of a patch takes; null for other types.</summary>
    internal static Type? WrappedIn(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Optional<>) ? type.GetGenericArguments()[0] : null;

    /// <summary>A member of a patch is on the wire what it wraps, and may be left out.</summary>
    private static DataProperty Member(JsonPropertyInfo property, MemberInfo member)
    {
        var wrapped = WrappedIn(property.PropertyType);
        return new DataProperty(
            property.Name,
            wrapped ?? property.PropertyType,
            isRequired: wrapped is null && (property.IsRequired || property.AssociatedParameter is { HasDefaultValue: false }),
            isNullable: wrapped is null ? property.IsGetNullable : !wrapped.IsValueType || Nullable.GetUnderlyingType(wrapped) is not null,
            isReadOnly: false,
            isWriteOnly: false,
            memberInfo: member);
    }
}
