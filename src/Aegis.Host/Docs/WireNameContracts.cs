using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Aegis.Host.Docs;

/// <summary>Tells the generator the names, required members and nullability that the serializer really uses.</summary>
internal sealed class WireNameContracts(JsonSerializerOptions options) : ISerializerDataContractResolver
{
    private readonly JsonSerializerDataContractResolver standard = new(options);

    public DataContract GetDataContractForType(Type type)
    {
        var contract = standard.GetDataContractForType(type);
        if (contract.DataType is not DataType.Object) return contract;
        var info = options.GetTypeInfo(type);
        if (info.Kind is not JsonTypeInfoKind.Object) return contract;

        var members = info.Properties
            .Where(p => p.AttributeProvider is MemberInfo)
            .Select(p => new DataProperty(
                p.Name,
                p.PropertyType,
                isRequired: p.IsRequired || p.AssociatedParameter is { HasDefaultValue: false },
                isNullable: p.IsGetNullable,
                isReadOnly: false,
                isWriteOnly: false,
                memberInfo: (MemberInfo)p.AttributeProvider!));
        return DataContract.ForObject(type, members, jsonConverter: contract.JsonConverter);
    }
}
