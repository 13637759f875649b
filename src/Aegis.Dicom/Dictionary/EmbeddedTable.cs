using System.Reflection;

namespace Aegis.Dicom.Dictionary;

/// <summary>Reads tab-separated rows of a table in Tables/. Lines that begin with # are comments.</summary>
internal static class EmbeddedTable
{
    public static IEnumerable<string[]> Rows(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The table {name} is not in the assembly.");
        using var lines = new StreamReader(stream, Encoding.UTF8);
        while (lines.ReadLine() is { } line)
            if (line.Length > 0 && line[0] != '#') yield return line.Split('\t');
    }
}
