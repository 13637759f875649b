using System.Text.Json.Serialization;
using Aegis.Kernel.Json;
using FluentValidation;

namespace Aegis.Webhooks.Endpoints;

/// <summary>Registers an address for events.</summary>
/// <param name="Url">Where they are sent: https, at most 2,000 characters, without user name and fragment.</param>
/// <param name="Events">
/// Names of <c>GET /v1/webhooks/event-types</c>, or its patterns such as <c>transfer.*</c>; 1 to 50. A pattern becomes the names that the
/// caller may read.
/// </param>
/// <param name="Description">For people; at most 200 characters.</param>
internal sealed record CreateWebhookRequest(string Url, IReadOnlyList<string> Events, string? Description = null)
{
    public override string ToString() => "***";
}

/// <summary>Changes what is sent and leaves the rest.</summary>
/// <param name="Url">
/// Another address: it has to answer a ping before anything else is sent there. Left out, or sent as it is shown, it stays.
/// </param>
/// <param name="Events">Replaces the list; a pattern becomes the names that the caller may read.</param>
/// <param name="Description">For people; null removes it.</param>
/// <param name="Enabled"><c>false</c> disables the endpoint; <c>true</c> sends a ping, and enables it when that is answered.</param>
internal sealed record UpdateWebhookRequest(
    Optional<string> Url = default, Optional<IReadOnlyList<string>> Events = default, Optional<string> Description = default,
    Optional<bool?> Enabled = default)
{
    public override string ToString() => "***";
}

/// <summary>Makes a new secret.</summary>
/// <param name="OverlapHours">How long the one before signs too: 0 to 168, 24 unless told.</param>
internal sealed record RotateSecretRequest(int? OverlapHours = null)
{
    public const int MaxOverlap = 168;
    private const int Usual = 24;

    [JsonIgnore]
    public TimeSpan Overlap => TimeSpan.FromHours(OverlapHours ?? Usual);
}

internal sealed class CreateWebhookValidator : AbstractValidator<CreateWebhookRequest>
{
    public CreateWebhookValidator()
    {
        RuleFor(x => x.Url).Must(WebhookRules.IsUrl).WithMessage(WebhookRules.UrlSentence)
            .Must(u => !WebhookAddress.IsMasked(u)).WithMessage(WebhookRules.MaskedSentence);
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
            if (x.Url.IsSent && !WebhookRules.IsUrl(x.Url.Value)) context.AddFailure("url", WebhookRules.UrlSentence);
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

/// <summary>The shape of what owners write.</summary>
internal static class WebhookRules
{
    private const int MaxEvents = 50;

    public const string UrlSentence =
        "url must be an absolute https address of at most 2000 characters, without user name, password and fragment.";

    public const string MaskedSentence =
        "url must be the whole address: what is shown of an address leaves out what stands behind the host.";

    public static bool IsUrl(string? text) =>
        text is { Length: > 0 and <= WebhookEndpointMap.UrlLength } && !text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c))
        && Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
        && url.UserInfo.Length + url.Fragment.Length == 0 && url.Host.Length > 0;

    public static void CheckEvents(IReadOnlyList<string>? events, Action<string> say)
    {
        if (events is not { Count: > 0 and <= MaxEvents }) say($"events must name 1 to {MaxEvents} events.");
        else if (events.FirstOrDefault(e => e is null || !EventTypes.Published.Matching(e).Any()) is { } unknown)
            say($"'{Shown(unknown)}' is no event. GET /v1/webhooks/event-types lists them.");
        else if (events.Any(e => e is null)) say("events must hold names only.");
        else if (events.Distinct(StringComparer.Ordinal).Count() != events.Count) say("events must not name an event twice.");
    }

    private static string Shown(string text) => ReadableText.IsOneLine(text) && text.Length <= 100 ? text : "…";
}
