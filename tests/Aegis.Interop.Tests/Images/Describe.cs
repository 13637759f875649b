using System.Text.RegularExpressions;

namespace Aegis.Interop.Tests.Images;

/// <summary>A DICOM file as read by pydicom.</summary>
internal sealed record PydicomView(
    int Elements, string PatientName, string PatientId, string PatientIdentityRemoved, long? Pixels, string? PixelsSha256)
{
    public static async Task<PydicomView[]> Of(params string[] files) =>
        Describe.Lines<PydicomView>(await Tool.Run(Tool.Python, [Path.Combine(Tool.Folder, "Images", "describe.py"), .. files]));
}

/// <summary>A DICOM file as read by daikon.</summary>
internal sealed record DaikonView(
    bool Parsed, string? PatientName, string? PatientIdentityRemoved, int? Rows, int? Columns, string? Picture)
{
    public static async Task<DaikonView[]> Of(params string[] files) =>
        Describe.Lines<DaikonView>(await Tool.Run("node", [Path.Combine(Tool.Folder, "npm", "describe.js"), .. files]));
}

internal static partial class Describe
{
    /// <summary>The errors that a validator finds in a file, without UIDs, which change in the exchange.</summary>
    public static async Task<string[]> Errors(string file)
    {
        var plain = await Inflated(file);
        var run = await Tool.Run("dciodvfy", plain);
        if (plain != file) Directory.Delete(Path.GetDirectoryName(plain)!, recursive: true);
        if (run.ExitCode > 128) return [$"Error - the validator itself failed: {run.Errors}"]; // ended by a signal: a failed assertion
        return [.. (run.Output + run.Errors).Split('\n').Where(l => l.Contains("Error", StringComparison.Ordinal))
            .Select(l => Uids().Replace(l, "UID")).Distinct()];
    }

    // The validator cannot inflate.
    private static async Task<string> Inflated(string file)
    {
        if (!(await File.ReadAllTextAsync(file, Encoding.Latin1)).Contains("1.2.840.10008.1.2.1.99", StringComparison.Ordinal)) return file;
        var inflated = Path.Combine(Directory.CreateTempSubdirectory("aegis-interop").FullName, "inflated.dcm");
        (await Tool.Run("dcmconv", "+te", file, inflated)).ShouldSucceed();
        return inflated;
    }

    public static T[] Lines<T>(ToolRun run) =>
        [.. run.ShouldSucceed().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(l => JsonSerializer.Deserialize<T>(l, JsonSerializerOptions.Web)!)];

    [GeneratedRegex(@"\d+(\.\d+){3,}|2\.25\.\d+")]
    private static partial Regex Uids();
}
