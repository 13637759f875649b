using System.Net;
using System.Net.Sockets;

namespace Aegis.Benchmarks.Processes;

/// <summary>A server in a separate process, whose processor time and memory can be read.</summary>
internal sealed class Server : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly Process process;
    private readonly Queue<string> lastLines = new();

    private Server(ProcessStartInfo start, int port)
    {
        Port = port;
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Port { get; }

    public string BaseUrl => $"http://127.0.0.1:{Port}";

    /// <summary>Processor time used so far.</summary>
    public TimeSpan Cpu
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    /// <summary>Current resident memory.</summary>
    public long Memory
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64;
        }
    }

    /// <summary>Starts a program and waits until it answers <paramref name="readyPath"/>.</summary>
    public static async Task<Server> Start(ProcessStartInfo start, int port, string readyPath)
    {
        var server = new Server(start, port);
        try
        {
            await server.WaitUntilReady(readyPath);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>The resident memory once the process has had time to settle.</summary>
    public async Task<long> IdleMemory(TimeSpan settling)
    {
        await Task.Delay(settling);
        return Memory;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private async Task WaitUntilReady(string path)
    {
        var request = Requests.Get(path);
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < Patience)
        {
            if (process.HasExited) throw new InvalidOperationException($"{process.StartInfo.FileName} ended:\n{LastOutput()}");
            try
            {
                using var connection = await Connection.Open(Port);
                if ((await connection.Send(request)).Status < 400) return;
            }
            catch (Exception e) when (e is SocketException or IOException)
            {
                // It does not listen yet.
            }

            await Task.Delay(5);
        }

        throw new TimeoutException($"{process.StartInfo.FileName} was not ready within {Patience}:\n{LastOutput()}");
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        lock (lastLines)
        {
            lastLines.Enqueue(line);
            if (lastLines.Count > 40) lastLines.Dequeue();
        }
    }

    private string LastOutput()
    {
        lock (lastLines) return string.Join('\n', lastLines);
    }
}
