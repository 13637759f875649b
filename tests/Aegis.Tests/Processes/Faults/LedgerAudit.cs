using System.Globalization;

namespace Aegis.Tests.Processes.Faults;

/// <summary>Compares a restarted host with the ledger, over HTTP like a client.</summary>
internal sealed class LedgerAudit(HostProcess host, Ledger ledger)
{
    private readonly ApiClient consumer = host.As("consumer");
    private readonly ApiClient provider = host.As("provider");

    public async Task Check(IEnumerable<LedgerItem> items)
    {
        foreach (var item in items)
        {
            try
            {
                await Check(item);
            }
            catch (Exception e)
                when (e is HttpRequestException or KeyNotFoundException or InvalidOperationException or OperationCanceledException)
            {
                ledger.Violate(item, $"the check failed: {e.GetType().Name} {e.Message}");
            }
        }
    }

    private async Task Check(LedgerItem item)
    {
        await CheckRepeat(item);
        if (item.RequestId is null) return;
        await Once(item, item.RequestId, "request.created");
        var request = await consumer.Get($"/v1/requests/{item.RequestId}");
        var status = request["status"];
        if (item.Ended is not null && status != item.Ended) ledger.Violate(item, $"was {item.Ended} and is {status}");
        if (item.Ended is not null) await Once(item, item.RequestId, $"request.{item.Ended}");
        if (item.TransferId is not null && (status != "fulfilled" || request["transferId"] != item.TransferId))
            ledger.Violate(item, $"was fulfilled and is {status}");
        if (item is { EndSent: false, TransferId: null } && status is not ("pending" or "fulfilling" or "fulfilled"))
            ledger.Violate(item, $"nobody ended it and it is {status}");
        if (status != "fulfilled") return;

        item.TransferId = request["transferId"]!;
        await Once(item, item.RequestId, "request.fulfilled");
        await Once(item, item.TransferId, "transfer.ready");
        await CheckTransfer(item);
    }

    /// <summary>The same call with the same key must return the same object, whether or not the first answer arrived.</summary>
    private async Task CheckRepeat(LedgerItem item)
    {
        var repeated = await consumer.With(MixedLoad.Idempotency, item.Key).Post("/v1/requests", Asking.JaneDoe);
        if (repeated.Status != HttpStatusCode.Created || (item.RequestId is not null && repeated.Id != item.RequestId))
            ledger.Violate(item, $"a repeated call was answered with {repeated.Status}: {repeated.Text}");
        else item.RequestId = repeated.Id;
    }

    private async Task CheckTransfer(LedgerItem item)
    {
        var transfer = await consumer.Get($"/v1/transfers/{item.TransferId}");
        var status = transfer["status"];
        if (Number(transfer, "meter.served.atMostEgressBytes") < item.Received)
            ledger.Violate(item, $"{item.Received} bytes were received, more than the meter's upper bound");
        if (item.Acknowledged && transfer["meter.acknowledged"] is null) ledger.Violate(item, "the receipt is lost");
        if (item.Acknowledged) await Once(item, item.TransferId!, "transfer.acknowledged");
        var ending = status is "destroying" or "destroyed";
        if (item.Destroyed && !ending) ledger.Violate(item, $"was destroyed and is {status}");
        if (!item.DestroySent && ending) ledger.Violate(item, $"nobody destroyed it and it is {status}");
        if (ending)
        {
            await Once(item, item.TransferId!, "transfer.destroying");
            (await consumer.Post($"/v1/transfers/{item.TransferId}/open")).ShouldBeRefused(HttpStatusCode.Gone, "transfer_destroyed");
        }
        else if (!item.Compared)
        {
            await Compare(item);
        }
    }

    private async Task Compare(LedgerItem item)
    {
        var opened = await consumer.Post($"/v1/transfers/{item.TransferId}/open");
        var content = opened.Status == HttpStatusCode.OK ? await new ApiClient(consumer.Http).Get(opened["url"]!) : opened;
        if (content.Status != HttpStatusCode.OK || Convert.ToHexStringLower(SHA256.HashData(content.Body)) != opened["sha256"])
            ledger.Violate(item, $"the content cannot be had: {content.Status}");
        item.Received += content.Body.Length;
        item.Compared = true;
    }

    private async Task Once(LedgerItem item, string id, string action)
    {
        var count = 0;
        for (var attempt = 0; attempt < 50 && count == 0; attempt++)
        {
            if (attempt > 0) await Task.Delay(100); // the sequencer may need a second
            count = (await provider.Get($"/v1/audit?object={id}&action={action}")).Json.GetProperty("items").GetArrayLength();
        }

        if (count != 1) ledger.Violate(item, $"{count} audit entries of {action}");
    }

    private static long Number(ApiResponse answer, string path) => long.Parse(answer[path]!, CultureInfo.InvariantCulture);
}
