using System.Net.Http.Headers;

namespace Aegis.Sdk.Studies.Content;

/// <summary>Fetches an archive from an address, which is its own credential.</summary>
internal static class ContentAnswer
{
    /// <summary>The answer from a byte on; what is not that archive from that byte on is refused.</summary>
    public static async Task<HttpResponseMessage> GetAsync(Caller caller, OpenedTransfer opened, long from, CancellationToken ct)
    {
        var response = await caller.SendBareAsync(() => Request(caller, opened, from), ct).ConfigureAwait(false);
        try
        {
            if (!response.IsSuccessStatusCode)
                throw await AegisException.FromAsync(response, caller.Clock.GetUtcNow(), ct).ConfigureAwait(false);
            var starts = response.StatusCode is HttpStatusCode.PartialContent ? response.Content.Headers.ContentRange?.From : 0;
            if (starts != from) throw new AegisProtocolException("The host sent another part of the archive than was asked for.");
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <summary>Where the content is: the host says it, and it may be one that is none.</summary>
    public static Uri AddressOf(Caller caller, OpenedTransfer opened) =>
        Uri.TryCreate(caller.BaseAddress, opened.Url, out var address) && address.Scheme is ("https" or "http")
            ? address
            : throw new AegisProtocolException("The address of the content is none that can be fetched.");

    private static HttpRequestMessage Request(Caller caller, OpenedTransfer opened, long from)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, AddressOf(caller, opened));
        if (from == 0) return request;
        request.Headers.Range = new RangeHeaderValue(from, null);
        request.Headers.TryAddWithoutValidation("If-Range", opened.Etag);
        return request;
    }
}
