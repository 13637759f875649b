using System.Text;
namespace Aegis.Audit.Notes;

/// <summary>A name and the Ed25519 key that signs notes under this name.</summary>
internal sealed class NoteSigner
{
    private readonly byte[] seed;

    public NoteSigner(string name, ReadOnlySpan<byte> seed)
    {
        this.seed = seed.ToArray();
        Verifier = new NoteVerifier(name, Ed25519.PublicKey(seed));
    }

    /// <summary>Verifies the notes it signs.</summary>
    public NoteVerifier Verifier { get; }

    public string Name => Verifier.Name;

    /// <summary>The signature over a note's text.</summary>
    public byte[] Sign(string text) => Ed25519.Sign(seed, Encoding.UTF8.GetBytes(text));

    public override string ToString() => Name;
}
