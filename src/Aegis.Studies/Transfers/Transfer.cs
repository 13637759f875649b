using Aegis.Contracts.Studies;
using Aegis.Kernel.Persistence;

namespace Aegis.Studies.Transfers;

internal enum TransferStatus { Ready, Open, Suspended, Destroying, Destroyed }

/// <summary>One study that a provider delivered to a consumer, from its window to its destruction.</summary>
internal sealed class Transfer : Entity
{
    private Transfer()
    {
    }

    private Transfer(string id, string requestId, string consumerId, string providerId)
        : base(id)
    {
        RequestId = requestId;
        ConsumerId = consumerId;
        ProviderId = providerId;
    }

    public string RequestId { get; private set; } = "";

    public string ConsumerId { get; private set; } = "";

    public string ProviderId { get; private set; } = "";

    public TransferStatus Status { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    private string[] Parties => [ConsumerId, ProviderId];

    /// <summary>Puts an ingested study into the consumer's inbox; the window starts now.</summary>
    /// <param name="id">trf_…, the one that the file key is sealed for.</param>
    /// <param name="requestId">The request it answers.</param>
    /// <param name="consumerId">Who may open it.</param>
    /// <param name="providerId">Who delivered it.</param>
    /// <param name="study">What lies on disk.</param>
    /// <param name="window">How long it may be opened, 1 hour to 30 days.</param>
    /// <param name="maxViews">How often it may be viewed, or null.</param>
    /// <param name="now">Start of the window.</param>
    public static Transfer Deliver(
        string id, string requestId, string consumerId, string providerId, IngestedStudy study, TimeSpan window, int? maxViews, DateTimeOffset now)
    {
        var transfer = new Transfer(id, requestId, consumerId, providerId) { Status = TransferStatus.Ready, CreatedAt = now };
        transfer.Raise(new TransferReady(id, requestId, consumerId, providerId, transfer.Parties));
        return transfer;
    }
}
