using System.Buffers.Binary;
using Microsoft.AspNetCore.WebUtilities;

namespace Aegis.Tests.People;

/// <summary>
/// A passkey in software (WebAuthn §6): P-256, no attestation, a counter that stays 0, and the flags that a test needs.
/// </summary>
internal sealed class SoftPasskey(Uri origin) : IDisposable
{
    public const byte Present = 1;
    public const byte Verified = 4;
    private const byte HasKey = 0x40;

    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly byte[] id = RandomNumberGenerator.GetBytes(16);

    /// <summary>The answer of <c>navigator.credentials.create</c>.</summary>
    public string Create(string challenge, byte flags = Present | Verified)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        // RFC 9053 §7.1.1: EC2, ES256, P-256
        byte[] cose = [0xA5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20, .. point.X!, 0x22, 0x58, 0x20, .. point.Y!];
        byte[] data = [.. AuthenticatorData((byte)(flags | HasKey)), .. new byte[16], 0, (byte)id.Length, .. id, .. cose];
        byte[] attestation =
            [0xA3, .. Text("fmt"), .. Text("none"), .. Text("attStmt"), 0xA0, .. Text("authData"), 0x58, (byte)data.Length, .. data];
        return Answer(new
        {
            clientDataJSON = Encode(ClientData("webauthn.create", challenge)),
            attestationObject = Encode(attestation),
            transports = new[] { "internal" }
        });
    }

    /// <summary>The answer of <c>navigator.credentials.get</c>.</summary>
    public string Get(string challenge, string userId, byte flags = Present | Verified, Uri? from = null)
    {
        var (client, data) = (ClientData("webauthn.get", challenge, from), AuthenticatorData(flags));
        var signature =
            key.SignData([.. data, .. SHA256.HashData(client)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return Answer(new
        {
            clientDataJSON = Encode(client),
            authenticatorData = Encode(data),
            signature = Encode(signature),
            userHandle = Encode(Encoding.UTF8.GetBytes(userId))
        });
    }

    public void Dispose() => key.Dispose();

    private byte[] AuthenticatorData(byte flags)
    {
        var count = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(count, 0);
        return [.. SHA256.HashData(Encoding.ASCII.GetBytes(origin.Host)), flags, .. count];
    }

    private byte[] ClientData(string type, string challenge, Uri? from = null) =>
        JsonSerializer.SerializeToUtf8Bytes(
            new { type, challenge, origin = (from ?? origin).GetLeftPart(UriPartial.Authority), crossOrigin = false });

    private string Answer(object response) =>
        JsonSerializer.Serialize(
            new { id = Encode(id), rawId = Encode(id), type = "public-key", clientExtensionResults = new { }, response });

    private static byte[] Text(string text) => [(byte)(0x60 | text.Length), .. Encoding.ASCII.GetBytes(text)];

    private static string Encode(byte[] bytes) => WebEncoders.Base64UrlEncode(bytes);
}
