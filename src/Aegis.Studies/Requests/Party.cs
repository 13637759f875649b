using Aegis.Kernel.Json;

namespace Aegis.Studies.Requests;

/// <summary>The two sides of a request.</summary>
internal enum Party { Consumer, Provider }

internal static class Parties
{
    /// <summary>Refuses the other side of the request. Other organizations get 404 before this check.</summary>
    public static void RequireParty(this StudyRequest request, Party party, Caller caller)
    {
        var required = party is Party.Provider ? request.ProviderId : request.ConsumerId;
        if (caller.OrganizationId != required)
            throw Refuse.Forbidden("wrong_party", $"Only the {party.WireName()} of this request may do this.");
    }
}
