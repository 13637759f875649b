using System.Text.RegularExpressions;

namespace Aegis.Vault.Credentials;

/// <summary>What a credential may be called: it stands in addresses, logs and messages.</summary>
internal static partial class CredentialNames
{
    public const string Rule =
        "1 to 100 letters, digits, blanks and ._:@+- in ASCII, beginning with a letter or digit and not ending with a blank, "
        + "or with @ and digits, which name a version";

    /// <summary>True for what a credential may be called, whenever it was registered.</summary>
    public static bool IsName(string text) => Shape().IsMatch(text);

    /// <summary>
    /// True for what a new credential may be called: <c>name@3</c> is version 3 of <c>name</c> where both are written together.
    /// </summary>
    public static bool IsNewName(string text) => IsName(text) && !Version().IsMatch(text);

    [GeneratedRegex(@"^[A-Za-z0-9](?:[A-Za-z0-9 ._:@+-]{0,98}[A-Za-z0-9._:@+-])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();

    [GeneratedRegex(@"@[0-9]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Version();
}
