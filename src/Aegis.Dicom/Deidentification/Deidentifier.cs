using Aegis.Dicom.Part10;

namespace Aegis.Dicom.Deidentification;

/// <summary>
/// De-identifies instances while they stream from one place to another: the Basic Application Level Confidentiality Profile of
/// PS3.15 with the given options. One pass, memory independent of the size of the pixel data, safe to use concurrently.
/// </summary>
/// <param name="pairSecret">Secret of the two organizations; at least 16 bytes. UIDs and date shifts derive from it.</param>
/// <param name="options">What the partnership's policy keeps.</param>
public sealed class Deidentifier(ReadOnlyMemory<byte> pairSecret, DeidentificationOptions options)
{
    private const int FewestSecretBytes = 16;

    private readonly ReadOnlyMemory<byte> _secret = pairSecret.Length >= FewestSecretBytes
        ? pairSecret.ToArray()
        : throw new ArgumentException($"The secret needs {FewestSecretBytes} bytes.", nameof(pairSecret));

    private readonly AttributePolicy _policy = new(options);

    /// <summary>What is done to every instance.</summary>
    public IReadOnlyList<DeidentificationMethod> Methods { get; } = [.. DeidentificationMethod.Of(options)];

    /// <summary>
    /// Reads one Part 10 file to its end and writes its de-identified form. When it throws, what was written is worthless.
    /// </summary>
    /// <param name="source">Read forward to its end; it need not seek.</param>
    /// <param name="destination">Written forward.</param>
    /// <param name="patientKey">Names the patient within the pair; needed for <see cref="DateTreatment.Shift"/>, so that all studies shift alike.</param>
    /// <param name="ct">Stops between two pieces.</param>
    /// <param name="identified">Hears the SOP Instance UID of the output before its first byte is written.</param>
    /// <exception cref="DicomException">The source is not a file this library can read.</exception>
    public async Task<InstanceReport> Apply(Stream source, Stream destination, string? patientKey, CancellationToken ct, Action<string>? identified = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(destination);
        var dates = DateChange.For(options.Dates, _secret.Span, patientKey);

        using var file = new SourceWindow(source);
        using var output = new OutputBuffer(destination);
        var meta = await FileMeta.Read(file, ct);
        using var dataSet = await DataSet.Open(file, meta.Syntax, ct);
        var pass = new InstancePass(dataSet, output, meta with { Syntax = dataSet.Syntax.Written }, new(options, _policy, new(_secret, options.KeepUids), dates)) { Identified = identified };
        return await pass.Run(ct);
    }
}

/// <summary>Everything that decides what happens to a value, for one patient of one pair.</summary>
internal sealed record Rules(DeidentificationOptions Options, AttributePolicy Policy, UidMap Uids, DateChange Dates);
