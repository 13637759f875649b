using System.Text.RegularExpressions;

namespace Aegis.Vault.Credentials;

/// <summary>The rule for names of credentials, which appear in URLs, logs and messages.</summary>
internal static partial class CredentialNames
{
    public const string Rule =
        "1 to 100 ASCII letters, digits, spaces and ._:@+- that start with a letter or digit and end neither with a space "
        + "nor with @ and digits, which mean a version";

    /// <summary>True for the name of any credential, old or new.</summary>
    public static bool IsName(string text) => Shape().IsMatch(text);

    /// <summary>
    /// True for a valid name of a new credential. <c>name@3</c> means version 3 of <c>name</c> where both are written together.
    /// </summary>
    public static bool IsNewName(string text) => IsName(text) && !Version().IsMatch(text);

    [GeneratedRegex(@"^[A-Za-z0-9](?:[A-Za-z0-9 ._:@+-]{0,98}[A-Za-z0-9._:@+-])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();

    [GeneratedRegex(@"@[0-9]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Version();
}
