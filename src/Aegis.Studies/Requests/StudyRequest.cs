using Aegis.Kernel.Persistence;

namespace Aegis.Studies.Requests;

internal enum RequestStatus { Pending, Accepted, Fulfilling, Fulfilled, Declined, Cancelled, Expired }

/// <summary>A consumer's request for one patient's study.</summary>
internal sealed class StudyRequest : Entity
{
    private StudyRequest()
    {
    }

    public string ConsumerId { get; private set; } = "";

    public string ProviderId { get; private set; } = "";

    public RequestStatus Status { get; private set; }
}
