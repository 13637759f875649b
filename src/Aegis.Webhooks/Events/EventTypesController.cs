namespace Aegis.Webhooks.Events;

/// <summary>An event that endpoints can subscribe to.</summary>
/// <param name="Type">Name of the event.</param>
/// <param name="Description">When it happens.</param>
/// <param name="RequiredPermission">Scope needed to subscribe to it.</param>
/// <param name="Schema">JSON schema of the body.</param>
/// <param name="Example">Example of a body.</param>
internal sealed record EventTypeItem(string Type, string Description, string RequiredPermission, JsonObject Schema, JsonObject Example);

/// <summary>Every event that endpoints can subscribe to.</summary>
/// <param name="Items">Sorted by name.</param>
/// <param name="Patterns">Patterns that match several events.</param>
internal sealed record EventTypeList(IReadOnlyList<EventTypeItem> Items, IReadOnlyList<string> Patterns);

/// <summary>Events that endpoints can subscribe to.</summary>
[ApiController]
[Tags("Webhooks")]
internal sealed class EventTypesController(EventTypes types) : ControllerBase
{
    /// <summary>Lists every event that an endpoint can subscribe to, with the JSON schema of its body and an example.</summary>
    [HttpGet("v1/webhooks/event-types")]
    [RequireScope(Scopes.WebhookRead)]
    public EventTypeList List() => new(
        types.All.Select(t => new EventTypeItem(t.Name, t.Description, t.Scope, t.Schema(), t.Example())).ToList(), types.Patterns);
}
