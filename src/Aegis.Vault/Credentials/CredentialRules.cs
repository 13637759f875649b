using System.Text.RegularExpressions;

namespace Aegis.Vault.Credentials;

/// <summary>The rules for the members of a credential, for creating and updating alike.</summary>
internal static partial class CredentialRules
{
    public const int MaxInterval = 87_600;  // ten years
    public const int MaxOverlap = 43_200;   // thirty days
    public const int MaxThreshold = 8_760;  // a year
    public const int MaxTags = 50;
    public const int MaxValueLength = 64 * 1024;
    private const int MaxTagLength = 50;
    private const int MaxMetadataBytes = 8 * 1024;

    public const string TypeRule = "1 to 50 letters, digits and ._- beginning with a letter";
    public const string ValueSentence = "value must be a text of 1 to 65536 bytes in UTF-8.";
    public const string ProviderIdSentence =
        "provider_credential_id must be 1 to 100 printable ASCII characters without spaces, / ? and #, and not . or ..";
    public const string StrategySentence = "rotation_strategy must be one of manual, scheduled, on_expiry.";
    public const string CronSentence =
        "rotation_cron must be a cron expression of five fields, or of six or seven as Quartz reads them, with a future time.";
    public static readonly string IntervalSentence = $"rotation_interval_hours must be from 1 to {MaxInterval}.";
    public static readonly string OverlapSentence = $"rotation_overlap_minutes must be from 0 to {MaxOverlap}.";
    public static readonly string ThresholdSentence = $"alert_threshold_hours must be from 0 to {MaxThreshold}.";
    public static readonly string TagsSentence =
        $"tags must be at most {MaxTags} different texts of 1 to {MaxTagLength} characters, and at most {CredentialMap.TagsLength} "
            + "characters together as escaped JSON.";
    public static readonly string MetadataSentence = $"metadata must be an object of at most {MaxMetadataBytes} bytes.";

    public static string TextSentence(string name) =>
        $"{name} must have at most {CredentialMap.DescriptionLength} characters, without control characters.";

    public static bool IsType(string text) => Type().IsMatch(text);

    /// <summary>Refuses a lone half of a surrogate pair: it has no UTF-8 form, so it could not be returned as it came.</summary>
    public static bool IsValue(string text)
    {
        try
        {
            return StrictUtf8.GetByteCount(text) is > 0 and <= MaxValueLength;
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }

    public static bool IsText(string? text) =>
        text is null || (text.Length <= CredentialMap.DescriptionLength && !text.Any(c => char.IsControl(c) && c is not ('\n' or '\t')));

    public static string NoteSentence(string name) =>
        $"{name} must have at most {CredentialVersionMap.NoteLength} characters, without control characters.";

    public static bool IsNote(string? text) =>
        text is null || (text.Length <= CredentialVersionMap.NoteLength && !text.Any(char.IsControl));

    public static bool IsProviderId(string? text) => text is null || (ProviderId().IsMatch(text) && PathSegment.IsPlain(text));

    public static bool IsCron(string text, DateTimeOffset now) => text.Length <= CredentialMap.CronLength && DueTimes.IsCron(text, now);

    public static bool AreTags(IReadOnlyList<string>? tags) =>
        tags is null || (tags.Count <= MaxTags && tags.All(t => t is { Length: > 0 and <= MaxTagLength } && !t.Any(char.IsControl))
            && tags.Distinct(StringComparer.Ordinal).Count() == tags.Count
            && JsonSerializer.Serialize(tags).Length <= CredentialMap.TagsLength);

    public static bool IsMetadata(JsonObject? metadata) => metadata is null || metadata.ToJsonString().Length <= MaxMetadataBytes;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9._-]{0,49}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Type();

    [GeneratedRegex(@"^[!-~-[/?#]]{1,100}\z", RegexOptions.CultureInvariant)]
    private static partial Regex ProviderId();
}
