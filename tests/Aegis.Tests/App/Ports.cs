using System.Net.Sockets;

namespace Aegis.Tests.App;

/// <summary>
/// Ports for processes that bind them a few seconds later. The system does not assign ports of this range. Otherwise a port could go to
/// another test's server, which would then answer instead of the process.
/// </summary>
public static class Ports
{
    private const int First = 12_000;
    private const int Count = 18_000; // below 32,768, where Linux's ephemeral ports begin

    private static int next = RandomNumberGenerator.GetInt32(Count);

    /// <summary>Returns a free port, a different one with each call.</summary>
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
