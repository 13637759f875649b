namespace Aegis.Dicom.Deidentification;

/// <summary>
/// De-identifies instances while they stream from one place to another: the Basic Application Level Confidentiality Profile of
/// PS3.15 with the given options. One pass, memory independent of the size of the pixel data, safe to use concurrently.
/// </summary>
/// <param name="pairSecret">Secret of the two organizations; at least 16 bytes. UIDs, pseudonyms and date shifts derive from it.</param>
/// <param name="options">What the partnership's policy keeps.</param>
/// <param name="shiftKeyOf">
/// Asked once an instance for the patient's pseudonym: the key by which the dates of this patient were shifted before; null when they hang
/// on the pseudonym.
/// </param>
public sealed class Deidentifier(
    ReadOnlyMemory<byte> pairSecret, DeidentificationOptions options, Func<string, CancellationToken,
    ValueTask<string?>>? shiftKeyOf = null)
{
    private const int MinSecretBytes = 16;

    private readonly ReadOnlyMemory<byte> secret = pairSecret.Length >= MinSecretBytes
        ? pairSecret.ToArray()
        : throw new ArgumentException($"The secret needs {MinSecretBytes} bytes.", nameof(pairSecret));

    private readonly AttributePolicy policy = new(options);

    /// <summary>What is done to every instance.</summary>
    public IReadOnlyList<DeidentificationMethod> Methods { get; } = [.. DeidentificationMethod.Of(options)];

    /// <summary>
    /// Reads one Part 10 file to its end and writes its de-identified form. When it throws, what was written is worthless.
    /// </summary>
    /// <param name="source">Read forward to its end; it need not seek.</param>
    /// <param name="destination">Written forward.</param>
    /// <param name="ct">Stops between two pieces.</param>
    /// <param name="identified">Hears the SOP Instance UID of the output before its first byte is written.</param>
    /// <exception cref="DicomException">The source is not a file this library can read.</exception>
    public async Task<InstanceReport> Apply(Stream source, Stream destination, CancellationToken ct, Action<string>? identified = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(destination);

        using var file = new SourceWindow(source);
        using var output = new OutputBuffer(destination);
        var meta = await FileMeta.Read(file, ct);
        using var dataSet = await DataSet.Open(file, meta.Syntax, ct);
        var rules = new Rules(options, policy, new(secret, options.KeepUids), Patient);
        var pass = new InstancePass(dataSet, output, meta with { Syntax = dataSet.Syntax.Written }, rules) { Identified = identified };
        return await pass.Run(ct);
    }

    private async ValueTask<(Pseudonym Pseudonym, DateChange Dates)> Patient(SourceFacts facts, CancellationToken ct)
    {
        var pseudonym = Pseudonym.Of(secret.Span, facts);
        var earlier = shiftKeyOf is not null ? await shiftKeyOf(pseudonym.Text, ct) : null;
        return (pseudonym, DateChange.For(options.Dates, secret.Span, earlier ?? pseudonym.Text));
    }
}

/// <summary>Everything that decides what happens to a value of one pair's instances.</summary>
/// <param name="Options">What is kept.</param>
/// <param name="Policy">What is done to an attribute.</param>
/// <param name="Uids">What a UID becomes.</param>
/// <param name="Patient">What the patient is called, and how far the dates move.</param>
internal sealed record Rules(
    DeidentificationOptions Options, AttributePolicy Policy, UidMap Uids, Func<SourceFacts, CancellationToken,
    ValueTask<(Pseudonym Pseudonym, DateChange Dates)>> Patient);
