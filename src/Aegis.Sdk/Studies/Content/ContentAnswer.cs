using System.Net.Http.Headers;

namespace Aegis.Sdk.Studies.Content;

/// <summary>Fetches an archive from an address that is itself the credential.</summary>
internal static class ContentAnswer
{
    /// <summary>The archive from a byte offset. An answer with another range is refused.</summary>
    public static async Task<HttpResponseMessage> GetAsync(Caller caller, OpenedTransfer opened, long from, CancellationToken ct)
    {
        var response = await caller.SendBareAsync(() => Request(caller, opened, from), ct).ConfigureAwait(false);
        try
        {
            if (!response.IsSuccessStatusCode)
                throw await AegisException.FromAsync(response, caller.Clock.GetUtcNow(), ct).ConfigureAwait(false);
            var starts = response.StatusCode is HttpStatusCode.PartialContent ? response.Content.Headers.ContentRange?.From : 0;
            if (starts != from) throw new AegisProtocolException("The host sent a part of the archive that was not requested.");
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <summary>The content's address. The host sends it, so it is validated.</summary>
    public static Uri AddressOf(Caller caller, OpenedTransfer opened) =>
        Uri.TryCreate(caller.BaseAddress, opened.Url, out var address) && address.Scheme is ("https" or "http")
            ? address
            : throw new AegisProtocolException("The address of the content is not an http or https address.");

    private static HttpRequestMessage Request(Caller caller, OpenedTransfer opened, long from)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, AddressOf(caller, opened));
        if (from == 0) return request;
        request.Headers.Range = new RangeHeaderValue(from, null);
        request.Headers.TryAddWithoutValidation("If-Range", opened.Etag);
        return request;
    }
}
