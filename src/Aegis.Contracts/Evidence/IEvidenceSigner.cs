namespace Aegis.Contracts.Evidence;

/// <summary>Signs what third parties shall be able to check without this installation.</summary>
public interface IEvidenceSigner
{
    /// <summary>
    /// The text as a signed note (C2SP signed-note) under the installation's evidence key. The first need makes the first key, so this is
    /// not called inside a transaction.
    /// </summary>
    /// <param name="text">
    /// Plain text that ends with a line break. Its first line says what kind of statement it is: one key signs several kinds, and none may
    /// be taken for another.
    /// </param>
    /// <param name="ct">Ends the call early.</param>
    ValueTask<string> Sign(string text, CancellationToken ct);
}
