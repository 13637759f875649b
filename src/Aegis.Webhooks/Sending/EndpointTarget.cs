using System.Text;

namespace Aegis.Webhooks.Sending;

/// <summary>The data of an endpoint that sending needs, with its secrets opened.</summary>
internal sealed record EndpointTarget(
    string EndpointId, string OrganizationId, Uri Url, EndpointStatus Status, long Revision, byte[] Secret, byte[]? Previous,
    DateTimeOffset? PreviousUntil)
{
    public static EndpointTarget Of(WebhookEndpoint endpoint, SealedBox box) => new(
        endpoint.Id, endpoint.OrganizationId, endpoint.AddressOf(box), endpoint.Status, endpoint.Revision,
        Open(endpoint.SealedSecret, endpoint.SecretVersion, endpoint.Id, box)!,
        Open(endpoint.SealedPrevious, endpoint.PreviousVersion, endpoint.Id, box),
        endpoint.PreviousUntil);

    /// <summary>The current secret first, then the previous one while the rotation's overlap lasts.</summary>
    public IEnumerable<byte[]> SecretsAt(DateTimeOffset now) => Previous is not null && now < PreviousUntil ? [Secret, Previous] : [Secret];

    public override string ToString() => EndpointId;

    private static byte[]? Open(byte[]? message, int version, string id, SealedBox box) =>
        message is null ? null : WebhookSecret.Read(Encoding.UTF8.GetString(box.Open(message, WebhookEndpoint.Secret(id, version))));
}
