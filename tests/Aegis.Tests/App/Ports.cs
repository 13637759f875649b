using System.Net.Sockets;

namespace Aegis.Tests.App;

/// <summary>
/// Ports for processes that bind them a few seconds later. The system does not give these out by itself: one of its own would meanwhile go
/// to another test's server, which then answers in place of the process.
/// </summary>
public static class Ports
{
    private const int First = 12_000;
    private const int Count = 18_000; // below 32,768, where Linux begins

    private static int next = RandomNumberGenerator.GetInt32(Count);

    /// <summary>A port that nobody listens on, another one with each call.</summary>
    public static int Reserve()
    {
        while (true)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref next) % Count);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken.
            }
        }
    }
}
