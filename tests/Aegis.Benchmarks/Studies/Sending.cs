namespace Aegis.Benchmarks.Studies;

/// <summary>A body to upload: its type, its length, and how it is sent.</summary>
internal sealed record Body(string ContentType, long Length, Func<Connection, Task> Send)
{
    public static Body Multipart(CtStudy study) =>
        new(CtStudy.MultipartType, study.MultipartLength, connection => study.SendMultipart(connection.Write));

    public static Body Zip(string path) =>
        new("application/zip", new FileInfo(path).Length, connection => connection.WriteFile(path).AsTask());
}

/// <summary>The result of one upload.</summary>
internal sealed record Sent(TimeSpan Took, TimeSpan Cpu, JsonElement Answer)
{
    public string TransferId => Answer.GetProperty("transferId").GetString()!;
}

/// <summary>Sends bodies and measures the time from the first byte to the answer.</summary>
internal static class Sending
{
    /// <summary>Fulfils a new request with the study.</summary>
    public static async Task<Sent> Fulfil(this AegisHost host, Body body)
    {
        var id = await host.Ask();
        // Instances without pixels do not declare whether pixels contain patient data, so Aegis asks for a confirmation.
        return await Send(host.Server, $"/v1/requests/{id}/fulfill?confirm=pixel_phi_risk", await host.ProviderToken(), body);
    }

    public static async Task<Sent> Send(Server server, string path, string? token, Body body)
    {
        using var connection = await Connection.Open(server.Port);
        using var answer = new MemoryStream();
        var before = server.Cpu;
        var watch = Stopwatch.StartNew();
        await connection.Write(Requests.Upload(path, token, body.ContentType, body.Length));
        await body.Send(connection);
        var status = (await connection.Receive(answer)).Status;
        var took = watch.Elapsed;
        if (status >= 300)
            throw new InvalidOperationException(
                $"The upload was answered {status}: {System.Text.Encoding.UTF8.GetString(answer.ToArray())}");
        return new Sent(took, server.Cpu - before, answer.Length == 0 ? default : JsonDocument.Parse(answer.ToArray()).RootElement);
    }

    /// <summary>Destroys the study of the transfer to free disk space.</summary>
    public static async Task Destroy(this AegisHost host, string transferId) =>
        await host.Call(Requests.Post($"/v1/transfers/{transferId}/destroy", await host.ConsumerToken(), ""));
}
