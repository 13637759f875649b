using System.Text.Json.Serialization;
using Aegis.Kernel.Json;
using FluentValidation;

namespace Aegis.Webhooks.Endpoints;

/// <summary>Registers an address that events are sent to.</summary>
/// <param name="Url">Where events are sent: an https address of at most 2,000 characters, without user name and fragment.</param>
/// <param name="Events">
/// 1 to 50 names or patterns (for example <c>transfer.*</c>) from <c>GET /v1/webhooks/event-types</c>. A pattern is stored as the names
/// that the caller may read.
/// </param>
/// <param name="Description">For people; at most 200 characters.</param>
internal sealed record CreateWebhookRequest(string Url, IReadOnlyList<string> Events, string? Description = null)
{
    public override string ToString() => "***";
}

/// <summary>Changes the members that are sent.</summary>
/// <param name="Url">
/// New address. It must answer a ping before events are sent there. If omitted, or sent as it is shown, the address stays.
/// </param>
/// <param name="Events">Replaces the list. A pattern is stored as the names that the caller may read.</param>
/// <param name="Description">For people; null removes it.</param>
/// <param name="Enabled">
/// <c>false</c> disables the endpoint. <c>true</c> sends a ping and enables the endpoint once the ping is answered.
/// </param>
internal sealed record UpdateWebhookRequest(
    Optional<string> Url = default, Optional<IReadOnlyList<string>> Events = default, Optional<string> Description = default,
    Optional<bool?> Enabled = default)
{
    public override string ToString() => "***";
}

/// <summary>Creates a new secret.</summary>
/// <param name="OverlapHours">How many hours the previous secret also signs: 0 to 168. Default: 24.</param>
internal sealed record RotateSecretRequest(int? OverlapHours = null)
{
    public const int MaxOverlap = 168;
    private const int DefaultOverlap = 24;

    [JsonIgnore]
    public TimeSpan Overlap => TimeSpan.FromHours(OverlapHours ?? DefaultOverlap);
}

internal sealed class CreateWebhookValidator : AbstractValidator<CreateWebhookRequest>
{
    public CreateWebhookValidator()
    {
        RuleFor(x => x.Url).Must(WebhookRules.IsUrl).WithMessage(WebhookRules.UrlMessage)
            .Must(u => !WebhookAddress.IsMasked(u)).WithMessage(WebhookRules.MaskedMessage);
        RuleFor(x => x.Events)
            .Custom((events, context) => WebhookRules.CheckEvents(events, sentence => context.AddFailure("events", sentence)));
        RuleFor(x => x.Description).MaximumLength(WebhookEndpointMap.DescriptionLength).OneLine();
    }
}

internal sealed class UpdateWebhookValidator : AbstractValidator<UpdateWebhookRequest>
{
    public UpdateWebhookValidator()
    {
        RuleFor(x => x).Custom((x, context) =>
        {
            if (x.Url.IsSent && !WebhookRules.IsUrl(x.Url.Value)) context.AddFailure("url", WebhookRules.UrlMessage);
            if (x.Events.IsSent) WebhookRules.CheckEvents(x.Events.Value, sentence => context.AddFailure("events", sentence));
            if (x.Description.Value is { } text && (text.Length > WebhookEndpointMap.DescriptionLength || !ReadableText.IsOneLine(text)))
                context.AddFailure("description",
                    $"description must be one line of at most {WebhookEndpointMap.DescriptionLength} characters.");
            if (x.Enabled is { IsSent: true, Value: null }) context.AddFailure("enabled", "enabled must be true or false.");
        });
    }
}

internal sealed class RotateSecretValidator : AbstractValidator<RotateSecretRequest>
{
    public RotateSecretValidator() => RuleFor(x => x.OverlapHours).InclusiveBetween(0, RotateSecretRequest.MaxOverlap)
        .WithMessage($"overlapHours must be between 0 and {RotateSecretRequest.MaxOverlap}.");
}

/// <summary>Rules for the fields of endpoint requests.</summary>
internal static class WebhookRules
{
    private const int MaxEvents = 50;

    public const string UrlMessage =
        "url must be an absolute https address of at most 2000 characters, without user name, password or fragment.";

    public const string MaskedMessage =
        "url must be the full address. Responses show only a shortened one, so enter path and query again.";

    public static bool IsUrl(string? text) =>
        text is { Length: > 0 and <= WebhookEndpointMap.UrlLength } && !text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c))
        && Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
        && url.UserInfo.Length + url.Fragment.Length == 0 && url.Host.Length > 0;

    public static void CheckEvents(IReadOnlyList<string>? events, Action<string> report)
    {
        if (events is not { Count: > 0 and <= MaxEvents }) report($"events must name 1 to {MaxEvents} events.");
        else if (events.FirstOrDefault(e => e is null || !EventTypes.Published.Matching(e).Any()) is { } unknown)
            report($"'{Shown(unknown)}' is not an event. GET /v1/webhooks/event-types lists all events.");
        else if (events.Any(e => e is null)) report("events must contain only names.");
        else if (events.Distinct(StringComparer.Ordinal).Count() != events.Count) report("events must not name an event twice.");
    }

    private static string Shown(string text) => ReadableText.IsOneLine(text) && text.Length <= 100 ? text : "…";
}
