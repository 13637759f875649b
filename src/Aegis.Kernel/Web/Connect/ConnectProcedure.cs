using System.Text.RegularExpressions;
using Google.Protobuf.Reflection;

namespace Aegis.Kernel.Web.Connect;

/// <summary>Marks the endpoint of one procedure.</summary>
/// <param name="Method">What the <c>.proto</c> says about it.</param>
/// <param name="Summary">A heading for the description of the API.</param>
/// <param name="Source">Where the <c>.proto</c> is served.</param>
public sealed partial record ConnectProcedure(MethodDescriptor Method, string Summary, string Source)
{
    /// <summary>Service and method as they stand in the address.</summary>
    public string Name => $"{Method.Service.FullName}/{Method.Name}";

    /// <summary>
    /// True for an address that only a procedure can have: <c>/package.Service/Method</c>. Its errors are Connect errors.
    /// </summary>
    public static bool IsAddress(PathString path) => path.Value is { } text && Shape().IsMatch(text);

    [GeneratedRegex(@"\A/[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)+/[^/]*/?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
