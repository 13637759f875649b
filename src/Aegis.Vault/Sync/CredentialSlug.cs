namespace Aegis.Vault.Sync;

/// <summary>Makes a credential name from n8n's name: lower-case letters, digits, dots, underscores and hyphens.</summary>
internal static class CredentialSlug
{
    private const int MaxLength = 60; // leaves space for the suffix that makes it unique
    private const string Nameless = "n8n-credential";

    public static string Of(string name)
    {
        var slug = new StringBuilder();
        foreach (var c in name.Normalize(NormalizationForm.FormKD))
        {
            if (char.IsAsciiLetterOrDigit(c)) slug.Append(char.ToLowerInvariant(c));
            else if (CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark) continue;
            else if (c is '.' or '_') slug.Append(c);
            else if (slug.Length > 0 && slug[^1] != '-') slug.Append('-');
            if (slug.Length == MaxLength) break;
        }

        var text = slug.ToString().Trim('-', '.', '_');
        return text.Length == 0 ? Nameless : text;
    }

    /// <summary>Possible names for one credential, in order of preference; the last one contains n8n's id as a whole.</summary>
    public static IReadOnlyList<string> Choices(string name, string id)
    {
        var slug = Of(name);
        var tail = string.Concat(id.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-'));
        var whole = tail.Length > 38 ? tail[..38] : tail;
        return [slug, $"{slug}-{(tail.Length > 6 ? tail[..6] : tail)}", $"{slug}-{whole}"];
    }
}
