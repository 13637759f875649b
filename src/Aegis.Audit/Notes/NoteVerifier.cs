using System.Text;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Aegis.Audit.Notes;

/// <summary>
/// Verifies signatures of one signer: a name and an Ed25519 public key, written <c>name+hash+base64(0x01 ‖ key)</c> (C2SP signed-note).
/// </summary>
internal sealed class NoteVerifier
{
    private const byte Ed25519Algorithm = 1;

    private readonly byte[] publicKey;

    /// <exception cref="FormatException">The name is not allowed in a note, or the public key is not usable.</exception>
    public NoteVerifier(string name, ReadOnlySpan<byte> publicKey)
    {
        if (!IsName(name)) throw new FormatException("A note's key name must not be empty or contain a plus sign or white space.");
        if (!Ed25519.IsPublicKey(publicKey)) throw new FormatException("This is not an Ed25519 public key.");
        Name = name;
        this.publicKey = publicKey.ToArray();
        KeyHash = Hash(name, publicKey);
    }

    public string Name { get; }

    /// <summary>32 bytes (RFC 8032).</summary>
    public ReadOnlyMemory<byte> PublicKey => publicKey;

    /// <summary>The first four bytes of SHA-256(name ‖ "\n" ‖ 0x01 ‖ key), with which each signature line begins.</summary>
    public uint KeyHash { get; }

    /// <summary>Reads a verifier key; false if it is malformed or its hash is wrong.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out NoteVerifier? verifier)
    {
        verifier = null;
        var parts = text.Split('+', 3); // base64 may contain plus signs
        if (parts.Length != 3 || parts[1].Length != 8 || !IsName(parts[0])) return false;
        if (!uint.TryParse(parts[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hash)) return false;

        Span<byte> key = stackalloc byte[1 + Ed25519.KeySize];
        if (!Convert.TryFromBase64String(parts[2], key, out var length) || length != key.Length || key[0] != Ed25519Algorithm) return false;
        if (!Ed25519.IsPublicKey(key[1..]) || Hash(parts[0], key[1..]) != hash) return false;
        verifier = new NoteVerifier(parts[0], key[1..]);
        return true;
    }

    /// <exception cref="FormatException">It is not the verifier key of an Ed25519 key.</exception>
    public static NoteVerifier Parse(string text) =>
        TryParse(text, out var verifier) ? verifier : throw new FormatException("This is not a verifier key of the form name+hash+key.");

    /// <summary>True if this key's signature is valid for the note's text.</summary>
    public bool Verify(string text, ReadOnlySpan<byte> signature) => Ed25519.Verify(publicKey, Encoding.UTF8.GetBytes(text), signature);

    /// <summary>The verifier key.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Name}+{KeyHash:x8}+{Convert.ToBase64String([Ed25519Algorithm, .. publicKey])}");

    internal static bool IsName(string name) =>
        name.Length > 0 && SignedNote.IsUnicode(name) && !name.Any(c => c == '+' || char.IsWhiteSpace(c) || char.IsControl(c));

    private static uint Hash(string name, ReadOnlySpan<byte> key) =>
        BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData([.. Encoding.UTF8.GetBytes(name), (byte)'\n', Ed25519Algorithm, .. key]));
}
