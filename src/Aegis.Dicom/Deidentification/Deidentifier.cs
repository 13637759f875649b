namespace Aegis.Dicom.Deidentification;

/// <summary>
/// De-identifies instances as a stream: the Basic Application Level Confidentiality Profile of PS3.15 with the given options. It needs
/// one pass, its memory does not depend on the size of the pixel data, and it is safe to use concurrently.
/// </summary>
/// <param name="pairSecret">Secret of the two organizations, at least 16 bytes. UIDs, pseudonyms and date shifts derive from it.</param>
/// <param name="options">What the partnership's policy keeps.</param>
/// <param name="shiftKeyOf">
/// Called once per instance with the patient's pseudonym. Returns the key by which this patient's dates were shifted before, or null
/// when the shift derives from the pseudonym.
/// </param>
public sealed class Deidentifier(
    ReadOnlyMemory<byte> pairSecret, DeidentificationOptions options,
    Func<string, CancellationToken, ValueTask<string?>>? shiftKeyOf = null)
{
    private const int MinSecretBytes = 16;

    private readonly ReadOnlyMemory<byte> secret = pairSecret.Length >= MinSecretBytes
        ? pairSecret.ToArray()
        : throw new ArgumentException($"The secret needs at least {MinSecretBytes} bytes.", nameof(pairSecret));

    private readonly AttributePolicy policy = new(options);

    /// <summary>What is done to every instance.</summary>
    public IReadOnlyList<DeidentificationMethod> Methods { get; } = [.. DeidentificationMethod.Of(options)];

    /// <summary>
    /// Reads one Part 10 file to its end and writes its de-identified form. When it throws, discard what was written.
    /// </summary>
    /// <param name="source">Read forward to its end; it need not be seekable.</param>
    /// <param name="destination">Written forward.</param>
    /// <param name="ct">Cancels between two pieces.</param>
    /// <param name="identified">Called with the SOP Instance UID of the output before its first byte is written.</param>
    /// <exception cref="DicomException">The library cannot read the source.</exception>
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

/// <summary>The rules for all instances of one pair of organizations.</summary>
/// <param name="Options">What is kept.</param>
/// <param name="Policy">What is done with an attribute.</param>
/// <param name="Uids">How a UID is mapped.</param>
/// <param name="Patient">The patient's pseudonym and date shift.</param>
internal sealed record Rules(
    DeidentificationOptions Options, AttributePolicy Policy, UidMap Uids,
    Func<SourceFacts, CancellationToken, ValueTask<(Pseudonym Pseudonym, DateChange Dates)>> Patient);
