using System.Text;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Aegis.Audit.Notes;

/// <summary>
/// Who may have signed a note: a name and an Ed25519 public key, written <c>name+hash+base64(0x01 ‖ key)</c> (C2SP signed-note).
/// </summary>
internal sealed class NoteVerifier
{
    private const byte Ed25519Algorithm = 1;

    private readonly byte[] publicKey;

    /// <exception cref="FormatException">The name cannot stand in a note, or the key is none that can be checked against.</exception>
    public NoteVerifier(string name, ReadOnlySpan<byte> publicKey)
    {
        if (!IsName(name)) throw new FormatException("A note's key name is not empty, and has neither a plus sign nor a blank.");
        if (!Ed25519.IsPublicKey(publicKey)) throw new FormatException("This is no Ed25519 public key.");
        Name = name;
        this.publicKey = publicKey.ToArray();
        KeyHash = Hash(name, publicKey);
    }

    public string Name { get; }

    /// <summary>32 bytes (RFC 8032).</summary>
    public ReadOnlyMemory<byte> PublicKey => publicKey;

    /// <summary>The first four bytes of SHA-256(name ‖ "\n" ‖ 0x01 ‖ key), which each signature line begins with.</summary>
    public uint KeyHash { get; }

    /// <summary>Reads a verifier key; false unless it is well-formed and its hash is right.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out NoteVerifier? verifier)
    {
        verifier = null;
        var parts = text.Split('+', 3); // base64 has plus signs of its own
        if (parts.Length != 3 || parts[1].Length != 8 || !IsName(parts[0])) return false;
        if (!uint.TryParse(parts[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hash)) return false;

        Span<byte> key = stackalloc byte[1 + Ed25519.KeySize];
        if (!Convert.TryFromBase64String(parts[2], key, out var length) || length != key.Length || key[0] != Ed25519Algorithm) return false;
        if (!Ed25519.IsPublicKey(key[1..]) || Hash(parts[0], key[1..]) != hash) return false;
        verifier = new NoteVerifier(parts[0], key[1..]);
        return true;
    }

    /// <exception cref="FormatException">It is no verifier key of an Ed25519 key.</exception>
    public static NoteVerifier Parse(string text) =>
        TryParse(text, out var verifier) ? verifier : throw new FormatException("This is no verifier key: name+hash+key.");

    /// <summary>True when the signature is this key's over the note's text.</summary>
    public bool Verify(string text, ReadOnlySpan<byte> signature) => Ed25519.Verify(publicKey, Encoding.UTF8.GetBytes(text), signature);

    /// <summary>The verifier key.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Name}+{KeyHash:x8}+{Convert.ToBase64String([Ed25519Algorithm, .. publicKey])}");

    internal static bool IsName(string name) =>
        name.Length > 0 && SignedNote.IsUnicode(name) && !name.Any(c => c == '+' || char.IsWhiteSpace(c) || char.IsControl(c));

    private static uint Hash(string name, ReadOnlySpan<byte> key) =>
        BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData([.. Encoding.UTF8.GetBytes(name), (byte)'\n', Ed25519Algorithm, .. key]));
}
