namespace Aegis.Kernel.Outbound;

/// <summary>What an outbound connection is for. An entry of <c>Outbound:Allow</c> opens a target for one purpose.</summary>
public enum OutboundPurpose
{
    /// <summary>Deliveries to the customers' endpoints.</summary>
    Webhook,

    /// <summary>Providers of the vault that speak HTTP.</summary>
    Vault,

    /// <summary>n8n.</summary>
    N8n,

    /// <summary>Databases whose credentials are rotated.</summary>
    Db,
}
