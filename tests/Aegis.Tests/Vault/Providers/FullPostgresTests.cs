using System.Buffers.Binary;
using System.Net.Sockets;
using Aegis.Vault.Providers;
using Aegis.Vault.Providers.Database;

namespace Aegis.Tests.Vault.Providers;

/// <summary>
/// Servers without a free connection, as they report it on the wire: before or after they ask for the password, with a routine or without.
/// </summary>
public sealed class FullPostgresTests
{
    private static readonly DatabaseProvider Provider = new([new PostgresEngine(Bench.Connections())], Bench.Policy, TimeProvider.System);
    private static readonly byte[] Scram = Message('R', [0, 0, 0, 10, .. "SCRAM-SHA-256\0\0"u8]);
    private static readonly byte[] Md5 = Message('R', [0, 0, 0, 5, 1, 2, 3, 4]);

    [Theory]
    [InlineData("scram", "InitializeSessionUserId", true)]
    [InlineData("md5", "CheckMyDatabase", true)]
    [InlineData("scram", "InitPostgres", true)]
    [InlineData("scram", "InitProcess", false)]
    [InlineData("scram", null, false)]
    [InlineData("nothing", "InitializeSessionUserId", false)]
    [InlineData("nothing", null, false)]
    public async Task A_full_server_proves_a_password_only_after_asking_for_it(string asks, string? routine, bool proves)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = Serve(listener, asks switch { "scram" => Scram, "md5" => Md5, _ => null }, routine);
        var target = Bench.Credential(
            Provider,
            $$"""{"engine":"postgres","host":"127.0.0.1","port":{{((IPEndPoint)listener.LocalEndpoint).Port}},"username":"u","tls":"disable"}""");

        var tested = await Provider.Test(target, new HeldValue("right"), default);

        await serving;
        if (proves) tested.Should().Be(Tested.Works);
        else tested.Should().BeEquivalentTo(new { Verdict = Verdict.Unknown, Code = ProviderCode.TargetBusy });
    }

    /// <summary>Accepts one login attempt and refuses it.</summary>
    private static async Task Serve(TcpListener listener, byte[]? question, string? routine)
    {
        using var client = await listener.AcceptTcpClientAsync();
        var stream = client.GetStream();
        await Skip(stream, kind: false);
        if (question is not null)
        {
            await stream.WriteAsync(question);
            await Skip(stream, kind: true);
        }

        var fields = "SFATAL\0VFATAL\0C53300\0Mtoo many connections\0" + (routine is null ? "" : $"R{routine}\0") + "\0";
        await stream.WriteAsync(Message('E', Encoding.ASCII.GetBytes(fields)));
    }

    private static async Task Skip(NetworkStream stream, bool kind)
    {
        var head = new byte[kind ? 5 : 4];
        await stream.ReadExactlyAsync(head);
        await stream.ReadExactlyAsync(new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(head.Length - 4)) - 4]);
    }

    private static byte[] Message(char kind, byte[] body)
    {
        var message = new byte[body.Length + 5];
        message[0] = (byte)kind;
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), body.Length + 4);
        body.CopyTo(message, 5);
        return message;
    }
}
