using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Aegis.Sdk;
using Aegis.Sdk.Webhooks;

namespace Aegis.Cli.Commands;

/// <summary>Shows events as they happen and forwards them, signed with a secret that is new in each run.</summary>
internal sealed class Listener(CommandEnvironment around, AegisClient client, Printer printer)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);
    private readonly byte[] secret = RandomNumberGenerator.GetBytes(24);
    private int missed; // events that could not be forwarded

    public async Task RunAsync(string? to, IReadOnlyList<string> wanted, string? cursor, CancellationToken ct)
    {
        var forward = to is null ? null : Address(to);
        cursor ??= await client.Events.GetEndAsync(ct);
        var resumeCursor = cursor; // after the last event before the first missed one
        var listening = forward is null ? "Listening." : $"Listening, and forwarding to {forward}.";
        around.Error.WriteLine($"{listening} Stop with Ctrl-C.");
        if (forward is not null) around.Error.WriteLine($"Signing secret of this run: whsec_{Convert.ToBase64String(secret)}");
        while (true)
        {
            try
            {
                await foreach (var page in client.Events.ListenAsync(cursor, ct))
                {
                    foreach (var happened in page.Items.Where(e => IsWanted(e.Type, wanted))) await ShowAsync(happened, forward, ct);
                    cursor = page.NextCursor;
                    if (missed == 0) resumeCursor = cursor;
                }
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                around.Error.WriteLine(missed == 0
                    ? $"To continue after the last event: --cursor {resumeCursor}"
                    : $"Events not forwarded: {missed}. To get them and all later events: --cursor {resumeCursor}");
                throw;
            }
            catch (Exception away) when (away is AegisUnreachableException or AegisUnavailableException)
            {
                around.Error.WriteLine($"! {away.Message} Trying again.");
                await Task.Delay(Pause, around.Clock, ct);
            }
        }
    }

    /// <summary><c>localhost:3000/hooks</c> is a program on this machine. It has no certificate, so http is used.</summary>
    private static Uri Address(string to) =>
        Uri.TryCreate(to.Contains("://", StringComparison.Ordinal) ? to : $"http://{to}", UriKind.Absolute, out var address)
            && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
        ? address
        : throw new StoppedException(ExitCodes.Usage, "--forward-to must be an http or https address, such as localhost:3000/hooks.");

    private static bool IsWanted(string type, IReadOnlyList<string> wanted) =>
        wanted.Count == 0
            || wanted.Any(w => w == type
                || (w.EndsWith(".*", StringComparison.Ordinal) && type.StartsWith(w[..^1], StringComparison.Ordinal)));

    private async Task ShowAsync(AegisEvent happened, Uri? forward, CancellationToken ct)
    {
        var outcome = forward is null ? "" : $" → {await ForwardAsync(happened, forward, ct)}";
        if (printer.IsTable) around.Out.WriteLine($"{Time(happened.Timestamp)}  {happened.Type}  {happened.Id}{outcome}");
        else printer.WriteLine(happened);
        await around.Out.FlushAsync(ct);
    }

    private async Task<string> ForwardAsync(AegisEvent happened, Uri to, CancellationToken ct)
    {
        var body = Encoding.UTF8.GetBytes(
            $$"""{"type":"{{happened.Type}}","timestamp":"{{Time(happened.Timestamp)}}","data":{{happened.Data.GetRawText()}}}""");
        var at = around.Clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var request = new HttpRequestMessage(HttpMethod.Post, to) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation("webhook-id", happened.Id);
        request.Headers.TryAddWithoutValidation("webhook-timestamp", at);
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{happened.Id}.{at}."), .. body];
        request.Headers.TryAddWithoutValidation("webhook-signature", $"v1,{Convert.ToBase64String(HMACSHA256.HashData(secret, signed))}");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        try
        {
            using var response = await around.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            return ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
        }
        catch (HttpRequestException failure)
        {
            missed++;
            return Why(failure, to);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            missed++;
            return $"no answer within {Patience.TotalSeconds:0} s";
        }
    }

    private static string Why(HttpRequestException failure, Uri to) => failure.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => $"not reached: {to.Host} cannot be resolved",
        HttpRequestError.SecureConnectionError =>
            $"not reached: no TLS with {to.Authority}; if it uses plain HTTP, forward to http://{to.Authority}",
        HttpRequestError.ConnectionError
            when failure.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused } =>
            $"not reached: nothing listens at {to.Authority}",
        _ => $"not reached: {to.Authority} closed the connection",
    };

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFZ", CultureInfo.InvariantCulture);
}
