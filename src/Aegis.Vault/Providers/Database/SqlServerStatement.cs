namespace Aegis.Vault.Providers.Database;

/// <summary>ALTER LOGIN and ALTER USER, which take no parameters: names in brackets, texts in quotes, each with its own end doubled.</summary>
internal static class SqlServerStatement
{
    public const int MostCharacters = 128;

    public static string SetPassword(string username, string password, string? oldPassword, bool isContained)
    {
        var old = oldPassword is null ? "" : $" OLD_PASSWORD = {Text(oldPassword)}";
        return $"ALTER {(isContained ? "USER" : "LOGIN")} [{username.Replace("]", "]]", StringComparison.Ordinal)}] WITH PASSWORD = {Text(password)}{old}";
    }

    private static string Text(string text) => $"N'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
