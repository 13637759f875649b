namespace Aegis.Kernel.Outbound;

/// <summary>What an outbound connection is for. An <c>Outbound:Allow</c> entry opens a target for one purpose.</summary>
public enum OutboundPurpose
{
    /// <summary>Webhook deliveries to customers' endpoints.</summary>
    Webhook,

    /// <summary>Vault providers with an HTTP API.</summary>
    Vault,

    /// <summary>Calls to n8n.</summary>
    N8n,

    /// <summary>Databases whose credentials are rotated.</summary>
    Db,
}
