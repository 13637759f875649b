using System.Text.Json;
using System.Text.RegularExpressions;

namespace Aegis.Studies.Fulfilment;

/// <summary>What the sender declares to send.</summary>
/// <param name="Instances">Number of instances, without a DICOMDIR and without files that are not DICOM.</param>
/// <param name="Bytes">Their total bytes, as uploaded and unpacked.</param>
/// <param name="Sha256">SHA-256 over the sorted SHA-256 of the instances, lower-case hex.</param>
internal sealed partial record Manifest(int Instances, long Bytes, string Sha256)
{
    /// <summary>A manifest has three members, so a longer part is not a manifest.</summary>
    public const int MaxBytes = 4096;

    private static readonly JsonSerializerOptions Options =
        new(JsonSerializerDefaults.Web) { RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true };

    public static Manifest Read(ReadOnlySpan<byte> json)
    {
        try
        {
            var manifest = JsonSerializer.Deserialize<Manifest>(json, Options);
            if (manifest is not null && Digest().IsMatch(manifest.Sha256)) return manifest;
        }
        catch (JsonException)
        {
            // Same refusal as for a malformed digest.
        }

        throw Refuse.Unprocessable(
            "manifest_invalid",
            "The manifest must be a JSON object with instances (number), bytes (number) and sha256 (64 characters of lower-case hex).");
    }

    /// <summary>Refuses an upload that differs from its manifest, and lists the differences.</summary>
    public void RequireEqual(Manifest received)
    {
        List<string> differs = [];
        if (Instances != received.Instances) differs.Add("instances");
        if (Bytes != received.Bytes) differs.Add("bytes");
        if (Sha256 != received.Sha256) differs.Add("sha256");
        if (differs.Count == 0) return;
        throw Refuse.Unprocessable("manifest_mismatch",
            $"The upload differs from its manifest in {string.Join(", ", differs)}. Nothing was kept. Send the study again.")
            .With("differs", differs).With("declared", Shape(this)).With("received", Shape(received));
    }

    // The serializer does not rename members of a problem, so they have their wire names here.
    private static Dictionary<string, object> Shape(Manifest manifest) =>
        new() { ["instances"] = manifest.Instances, ["bytes"] = manifest.Bytes, ["sha256"] = manifest.Sha256 };

    [GeneratedRegex("^[0-9a-f]{64}\\z")]
    private static partial Regex Digest();
}
