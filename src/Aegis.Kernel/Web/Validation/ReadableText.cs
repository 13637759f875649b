using FluentValidation;

namespace Aegis.Kernel.Web.Validation;

/// <summary>
/// Rules for text that people read. Characters that are invisible or change how the text is shown are refused: control and format
/// characters, including those that change the text direction. Joiners are allowed, because several scripts need them.
/// </summary>
public static class ReadableText
{
    private const string Sentence = "{PropertyName} must not contain control or text-direction characters.";
    private const int NonJoiner = 0x200C;
    private const int Joiner = 0x200D;

    /// <summary>Allows one line, for names.</summary>
    public static IRuleBuilderOptions<T, string?> OneLine<T>(this IRuleBuilder<T, string?> rule) => rule
        .Must(text => text is null || IsOneLine(text)).WithMessage(Sentence);

    /// <summary>Allows several lines, for messages: line breaks and tabs too.</summary>
    public static IRuleBuilderOptions<T, string?> Words<T>(this IRuleBuilder<T, string?> rule) => rule
        .Must(text => text is null || text.EnumerateRunes().All(r => r.Value is '\n' or '\r' or '\t' || IsVisible(r)))
        .WithMessage(Sentence);

    public static bool IsOneLine(string text) => text.EnumerateRunes().All(IsVisible);

    /// <summary>Returns the text without invisible and format characters.</summary>
    public static string VisibleOnly(string text) => string.Concat(text.EnumerateRunes().Where(IsVisible));

    private static bool IsVisible(Rune rune) => rune.Value is NonJoiner or Joiner || Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned);
}
