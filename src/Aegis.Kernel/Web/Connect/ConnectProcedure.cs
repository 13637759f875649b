using System.Text.RegularExpressions;
using Google.Protobuf.Reflection;

namespace Aegis.Kernel.Web.Connect;

/// <summary>Marks the endpoint of one procedure.</summary>
/// <param name="Method">Its description in the <c>.proto</c>.</param>
/// <param name="Summary">A title for the API description.</param>
/// <param name="Source">The path that serves the <c>.proto</c>.</param>
public sealed partial record ConnectProcedure(MethodDescriptor Method, string Summary, string Source)
{
    /// <summary>Service and method, as in the URL.</summary>
    public string Name => $"{Method.Service.FullName}/{Method.Name}";

    /// <summary>True for a path that only a procedure can have: <c>/package.Service/Method</c>. Its errors are Connect errors.</summary>
    public static bool IsAddress(PathString path) => path.Value is { } text && Shape().IsMatch(text);

    [GeneratedRegex(@"\A/[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)+/[^/]*/?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
