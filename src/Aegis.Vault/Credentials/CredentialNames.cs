using System.Text.RegularExpressions;

namespace Aegis.Vault.Credentials;

/// <summary>What a credential may be called: it stands in addresses, logs and messages.</summary>
internal static partial class CredentialNames
{
    public const string Rule = "1 to 100 letters, digits, blanks and ._:@+- in ASCII, beginning with a letter or digit and not ending with a blank";

    public static bool IsName(string text) => Shape().IsMatch(text);

    [GeneratedRegex(@"^[A-Za-z0-9](?:[A-Za-z0-9 ._:@+-]{0,98}[A-Za-z0-9._:@+-])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
