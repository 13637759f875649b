using System.Reflection;
using System.Text.Json;

namespace Aegis.Webhooks.Events;

/// <summary>One event that endpoints can subscribe to.</summary>
internal sealed class EventType
{
    private const string Consumer = "consumerId";
    private const string Provider = "providerId";

    private readonly List<(string Source, EventField Field, bool IsNullable)> fields;

    public EventType(Type source, string name, string description)
    {
        (Source, Name, Description) = (source, name, description);
        var nullability = new NullabilityInfoContext();
        fields = source.GetProperties()
            .Where(p => EventField.All.ContainsKey(p.Name))
            .Select(p => (JsonNamingPolicy.CamelCase.ConvertName(p.Name), EventField.All[p.Name],
                nullability.Create(p).ReadState is NullabilityState.Nullable))
            .ToList();
    }

    /// <summary>The event's record in Contracts.</summary>
    public Type Source { get; }

    public string Name { get; }

    public string Description { get; }

    /// <summary>The scope that a caller needs to receive it.</summary>
    public string Scope => Name.Split('.')[0] switch
    {
        "credential" => Scopes.CredentialRead,
        "webhook" => Scopes.WebhookRead,
        _ => Scopes.StudyRead,
    };

    /// <summary>True if the event is about two partners, which its body then names.</summary>
    public bool IsOfPartners => fields.Exists(f => f.Field.Name is Consumer or Provider);

    /// <summary>Whether the event's partners, read from the member <c>data</c>, are ones the caller may deal with.</summary>
    public static bool MayRead(Caller caller, JsonObject data) => caller.Partners is null || new[] { Consumer, Provider }
        .All(member => data[member]?.GetValue<string>() is not { } party || party == caller.OrganizationId || caller.MayDealWith(party));

    /// <summary>Builds the member <c>data</c> of the body.</summary>
    public string DataOf(IEvent happened, long sequence)
    {
        var written = JsonNode.Parse(EventCatalog.Write(happened))!.AsObject();
        var data = new JsonObject();
        foreach (var (source, field, _) in fields)
        {
            data[field.Name] = written[source]?.DeepClone();
            if (source == "objectId") data[EventField.Sequence.Name] = sequence;
        }

        return data.ToJsonString();
    }

    /// <summary>JSON schema (draft 2020-12) of the body.</summary>
    public JsonObject Schema()
    {
        var members = new JsonObject();
        foreach (var (source, field, isNullable) in fields)
        {
            members[field.Name] = field.Schema(isNullable);
            if (source == "objectId") members[EventField.Sequence.Name] = EventField.Sequence.Schema(nullable: false);
        }

        return EventBody.Schema(Name, members);
    }

    public JsonObject Example()
    {
        var data = new JsonObject();
        foreach (var (source, field, _) in fields)
        {
            data[field.Name] = JsonNode.Parse(source == "objectId" ? ExampleId() : field.Example);
            if (source == "objectId") data[EventField.Sequence.Name] = JsonNode.Parse(EventField.Sequence.Example);
        }

        return new JsonObject { ["type"] = Name, ["timestamp"] = "2026-02-03T04:05:06.789Z", ["data"] = data };
    }

    private string ExampleId() => Name.Split('.')[0] switch
    {
        "request" => EventField.All["RequestId"].Example,
        "credential" => "\"cred_01k5v2p6n1g1w9t6z8a3b2cdef\"",
        "webhook" => "\"whk_01k5v2q5m0h2x0v7a9b4c3defg\"",
        _ => EventField.All["ObjectId"].Example,
    };
}
