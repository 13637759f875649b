using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Features;

namespace Aegis.Host.Edge;

/// <summary>
/// Keeps a response in memory until its audit entry is durable. Responses of operations with <see cref="StreamsContentAttribute"/> are sent
/// directly, except refusals, which are kept like any other response.
/// </summary>
internal sealed class CallAuditAnswer : IHttpResponseBodyFeature, IDisposable
{
    private readonly HttpContext context;
    private readonly IHttpResponseBodyFeature sent;
    private readonly bool streams;
    private readonly ResponseBuffer buffered;
    private PipeWriter? writer;

    private CallAuditAnswer(HttpContext context, IHttpResponseBodyFeature sent)
    {
        this.context = context;
        this.sent = sent;
        buffered = new ResponseBuffer(cleared: () => writer = null); // drops what the writer has not flushed
        streams = context.GetEndpoint()?.Metadata is { } operation && operation.GetMetadata<StreamsContentAttribute>() is not null
            && !IsHeadOfCaller(context, operation);
    }

    /// <summary>
    /// A HEAD has no stream, so it is audited like other calls. A HEAD with a content ticket has no caller, and the operation writes its
    /// entry.
    /// </summary>
    private static bool IsHeadOfCaller(HttpContext context, EndpointMetadataCollection operation) =>
        HttpMethods.IsHead(context.Request.Method) && operation.GetMetadata<IAllowAnonymous>() is null;

    public static CallAuditAnswer Begin(HttpContext context)
    {
        var answer = new CallAuditAnswer(context, context.Features.GetRequiredFeature<IHttpResponseBodyFeature>());
        context.Features.Set<IHttpResponseBodyFeature>(answer);
        return answer;
    }

    /// <summary>False for a served stream.</summary>
    public bool IsBuffered => !streams || (Problem.CodeOf(context) is not null && !context.Response.HasStarted);

    public Stream Stream => IsBuffered ? buffered : sent.Stream;

    public PipeWriter Writer => IsBuffered
        ? writer ??= PipeWriter.Create(buffered, new StreamPipeWriterOptions(leaveOpen: true))
        : sent.Writer;

    public void DisableBuffering()
    {
        if (!IsBuffered) sent.DisableBuffering();
    }

    public Task StartAsync(CancellationToken cancellationToken = default) =>
        IsBuffered ? Task.CompletedTask : sent.StartAsync(cancellationToken);

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) => IsBuffered
        ? SendFileFallback.SendFileAsync(buffered, path, offset, count, cancellationToken)
        : sent.SendFileAsync(path, offset, count, cancellationToken);

    public async Task CompleteAsync()
    {
        // The server completes a stream; it knows that an aborted one is not a failure.
        if (IsBuffered && writer is not null) await writer.FlushAsync();
    }

    /// <summary>Restores the original response body.</summary>
    public void Restore() => context.Features.Set(sent);

    /// <summary>Sends the kept response.</summary>
    public async Task Send(HttpContext answered)
    {
        if (buffered.Length == 0) return;
        answered.Response.ContentLength = buffered.Length;
        await sent.Stream.WriteAsync(buffered.Written, answered.RequestAborted);
    }

    public void Dispose() => buffered.Dispose();

    /// <summary>A growing buffer from the shared pool.</summary>
    private sealed class ResponseBuffer(Action cleared) : Stream
    {
        private const int FirstSize = 4 * 1024;
        private const int MaxSize = 16 * 1024 * 1024; // longer responses must be marked as streams

        private byte[] buffer = ArrayPool<byte>.Shared.Rent(FirstSize);
        private int length;

        public ReadOnlyMemory<byte> Written => buffer.AsMemory(0, length);

        public override long Length => length;

        public override bool CanRead => false;

        /// <summary>True so that Response.Clear can empty it: a call may fail after writing half a response.</summary>
        public override bool CanSeek => true;

        public override bool CanWrite => true;

        public override long Position
        {
            get => length;
            set => throw new NotSupportedException();
        }

        public override void Write(ReadOnlySpan<byte> bytes)
        {
            if (bytes.Length > MaxSize - length)
                throw new InvalidOperationException(
                    "A response is too long to be kept for the audit. Mark its operation with [StreamsContent].");
            if (bytes.Length > buffer.Length - length) Grow(length + bytes.Length);
            bytes.CopyTo(buffer.AsSpan(length));
            length += bytes.Length;
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default)
        {
            Write(bytes.Span);
            return ValueTask.CompletedTask;
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        {
            Write(buffer.AsSpan(offset, count));
            return Task.CompletedTask;
        }

        public override void Flush()
        {
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value)
        {
            if (value != 0) throw new NotSupportedException();
            length = 0;
            cleared();
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing && buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer, clearArray: true); // responses may contain a secret
            buffer = [];
            length = 0;
            base.Dispose(disposing);
        }

        private void Grow(int needed)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, buffer.Length * 2));
            Written.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
            buffer = larger;
        }
    }
}
