namespace Aegis.Tests.Studies.Tracer;

/// <summary>A body that is sent in pieces. After each piece the sender checks what the host has done with it.</summary>
internal sealed class TracedUpload : HttpContent
{
    private const int Pieces = 4;
    private readonly byte[] body;
    private readonly Func<Task> look;

    public TracedUpload(byte[] body, string type, Func<Task> look)
    {
        (this.body, this.look) = (body, look);
        Headers.TryAddWithoutValidation("Content-Type", type);
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        var piece = body.Length / Pieces + 1;
        for (var at = 0; at < body.Length; at += piece)
        {
            await stream.WriteAsync(body.AsMemory(at, Math.Min(piece, body.Length - at)));
            await stream.FlushAsync();
            await look();
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = body.Length;
        return true;
    }
}
