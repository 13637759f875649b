namespace Aegis.Webhooks.Events;

/// <summary>An event that can be listened to.</summary>
/// <param name="Type">Its name.</param>
/// <param name="Description">When it happens.</param>
/// <param name="RequiredPermission">The scope that whoever subscribes to it needs.</param>
/// <param name="Schema">JSON schema of the body.</param>
/// <param name="Example">A body.</param>
internal sealed record EventTypeItem(string Type, string Description, string RequiredPermission, JsonObject Schema, JsonObject Example);

/// <summary>Everything that can be listened to.</summary>
/// <param name="Items">Sorted by name.</param>
/// <param name="Patterns">Patterns that stand for several of them.</param>
internal sealed record EventTypeList(IReadOnlyList<EventTypeItem> Items, IReadOnlyList<string> Patterns);

/// <summary>What can be listened to.</summary>
[ApiController]
[Tags("Webhooks")]
internal sealed class EventTypesController(EventTypes types) : ControllerBase
{
    /// <summary>Lists every event that can be listened to, with the JSON schema of its body and an example.</summary>
    [HttpGet("v1/webhooks/event-types")]
    [RequireScope(Scopes.WebhookRead)]
    public EventTypeList List() => new(
        types.All.Select(t => new EventTypeItem(t.Name, t.Description, t.Scope, t.Schema(), t.Example())).ToList(), types.Patterns);
}
