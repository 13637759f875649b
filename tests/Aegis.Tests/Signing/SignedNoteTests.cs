using Aegis.Audit.Notes;

namespace Aegis.Tests.Signing;

/// <summary>Notes as C2SP signed-note and Go's sumdb/note define them.</summary>
public sealed class SignedNoteTests
{
    // Key, text and note from the documentation of golang.org/x/mod/sumdb/note.
    private const string GoVerifier = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

    private const string GoText = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";

    private const string GoNote =
        GoText + "\n\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

    private static readonly NoteSigner Signer = new("example.org/aegis-audit", SHA256.HashData("signer"u8));

    [Fact]
    public void A_note_that_Go_signed_opens_with_the_verifier_key_that_Go_printed()
    {
        var verifier = NoteVerifier.Parse(GoVerifier);

        var opened = SignedNote.TryOpen(GoNote, [verifier], out var text);

        opened.Should().BeTrue();
        text.Should().Be(GoText);
        verifier.ToString().Should().Be(GoVerifier);
        SignedNote.TryOpen(GoNote.Replace("problem is", "problem was", StringComparison.Ordinal), [verifier], out _).Should().BeFalse();
    }

    [Fact]
    public void A_signed_note_opens_with_its_key_and_with_no_other()
    {
        var note = SignedNote.Sign("one\n\ntwo\n", Signer);

        SignedNote.TryOpen(note, [Signer.Verifier], out var text).Should().BeTrue();
        text.Should().Be("one\n\ntwo\n");
        SignedNote.TryOpen(note, [NoteVerifier.Parse(GoVerifier)], out _).Should().BeFalse();
        SignedNote.TryOpen(note, [new NoteSigner(Signer.Name, SHA256.HashData("other"u8)).Verifier], out _).Should().BeFalse();
        SignedNote.TryOpen(note, [new NoteVerifier("example.com", Signer.Verifier.PublicKey.Span)], out _).Should().BeFalse();
    }

    [Fact]
    public void Unknown_signers_are_ignored_but_a_wrong_signature_of_a_known_key_invalidates_the_note()
    {
        var other = new NoteSigner("other", SHA256.HashData("other"u8));
        var note = SignedNote.Sign("text\n", other, Signer);
        var wrong = SignedNote.Sign("another text\n", Signer).Split('\n')[2];

        SignedNote.TryOpen(note, [Signer.Verifier], out _).Should().BeTrue();
        var spoilt = note.Replace("\n\n", $"\n\n{wrong}\n", StringComparison.Ordinal);
        SignedNote.TryOpen(spoilt, [Signer.Verifier], out _).Should().BeFalse();
        SignedNote.TryOpen(spoilt, [Signer.Verifier, other.Verifier], out _).Should().BeFalse();
        SignedNote.TryOpen(spoilt, [other.Verifier], out _).Should().BeTrue();
    }

    [Theory]
    [InlineData("")]
    [InlineData("text\n")]
    [InlineData("text\n\n")]
    [InlineData("text\n\nno signature\n")]
    [InlineData("text\n\n\u2014 name\n")]
    [InlineData("text\n\n\u2014 name AAAAAA==\n")]
    [InlineData("text\n\n\u2014 na+me AAAAAAAA\n")]
    [InlineData("te\rxt\n\n\u2014 name AAAAAAAA\n")]
    public void A_malformed_note_does_not_open(string note) => SignedNote.TryOpen(note, [Signer.Verifier], out _).Should().BeFalse();

    [Fact]
    public void Every_changed_character_invalidates_a_note()
    {
        var note = SignedNote.Sign("aegis\ncertificate\n", Signer);

        for (var i = 0; i < note.Length; i++)
        {
            var changed = note[..i] + (char)(note[i] ^ 1) + note[(i + 1)..];
            SignedNote.TryOpen(changed, [Signer.Verifier], out _).Should().BeFalse($"character {i} was changed");
        }

        SignedNote.TryOpen(note[..^1], [Signer.Verifier], out _).Should().BeFalse();
        SignedNote.TryOpen(note, [Signer.Verifier], out _).Should().BeTrue();
    }

    [Theory]
    [InlineData("no line break at the end")]
    [InlineData("a\rb\n")]
    public void A_text_that_a_note_cannot_contain_is_not_signed(string text) =>
        FluentActions.Invoking(() => SignedNote.Sign(text, Signer)).Should().Throw<ArgumentException>();

    [Fact]
    public void An_unpaired_surrogate_is_not_signed() =>
        FluentActions.Invoking(() => SignedNote.Sign("half a pair \ud800\n", Signer)).Should().Throw<ArgumentException>();

    [Theory]
    [InlineData("PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")] // hash
    [InlineData("PeterNewmann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")] // name
    [InlineData("PeterNeumann+c74f20a3+AhpC2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")] // algorithm
    [InlineData("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10==")] // length
    [InlineData("PeterNeumann+c74f20a3")]
    [InlineData("")]
    public void A_damaged_verifier_key_is_not_read(string text) => NoteVerifier.TryParse(text, out _).Should().BeFalse();

    [Fact]
    public void A_name_that_a_signature_line_cannot_contain_is_refused()
    {
        foreach (var name in new[] { "", "a b", "a+b", "a\nb" })
            FluentActions.Invoking(() => new NoteSigner(name, new byte[32])).Should().Throw<FormatException>();
    }
}
