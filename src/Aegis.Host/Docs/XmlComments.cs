using System.Text.RegularExpressions;
using System.Xml.Linq;
using System.Xml.XPath;

namespace Aegis.Host.Docs;

/// <summary>
/// Reads the documentation comments of an assembly for the API description. Lines that were broken in the source are joined: where a
/// comment is wrapped must not show in what clients read.
/// </summary>
internal static partial class XmlComments
{
    /// <param name="file">The XML file that the compiler wrote next to the assembly.</param>
    public static XPathDocument Read(string file)
    {
        var document = XDocument.Load(file, LoadOptions.PreserveWhitespace);
        foreach (var text in document.DescendantNodes().OfType<XText>().Where(t => t.Parent?.Name.LocalName != "code"))
            text.Value = LineBreak().Replace(text.Value, " ");
        return new XPathDocument(document.CreateReader());
    }

    [GeneratedRegex(@"\s*\n\s*")]
    private static partial Regex LineBreak();
}
