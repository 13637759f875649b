namespace Aegis.Contracts.Evidence;

/// <summary>Signs statements that third parties can verify without this installation.</summary>
public interface IEvidenceSigner
{
    /// <summary>
    /// Returns the text as a signed note (C2SP signed-note) under the installation's evidence key. The first call creates the key, so do
    /// not call this inside a transaction.
    /// </summary>
    /// <param name="text">
    /// Plain text that ends with a line break. Its first line names the kind of statement, because one key signs several kinds and they
    /// must not be confused.
    /// </param>
    /// <param name="ct">Cancels.</param>
    ValueTask<string> Sign(string text, CancellationToken ct);
}
