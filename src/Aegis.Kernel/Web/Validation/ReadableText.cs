using FluentValidation;

namespace Aegis.Kernel.Web.Validation;

/// <summary>
/// Texts that people read. What is not seen, or makes what follows look like something else (control and format characters, among them
/// those that turn the direction of text), does not belong there. Joiners stay: several scripts are written with them.
/// </summary>
public static class ReadableText
{
    private const string Sentence = "{PropertyName} must not hold control characters or such as change how text is shown.";
    private const int NonJoiner = 0x200C;
    private const int Joiner = 0x200D;

    /// <summary>A name: one line.</summary>
    public static IRuleBuilderOptions<T, string?> OneLine<T>(this IRuleBuilder<T, string?> rule) => rule
        .Must(text => text is null || IsOneLine(text)).WithMessage(Sentence);

    /// <summary>Words to somebody: line breaks and tabs too.</summary>
    public static IRuleBuilderOptions<T, string?> Words<T>(this IRuleBuilder<T, string?> rule) => rule
        .Must(text => text is null || text.EnumerateRunes().All(r => r.Value is '\n' or '\r' or '\t' || IsVisible(r)))
        .WithMessage(Sentence);

    public static bool IsOneLine(string text) => text.EnumerateRunes().All(IsVisible);

    /// <summary>One line without what nobody sees or what changes how the rest is shown.</summary>
    public static string VisibleOnly(string text) => string.Concat(text.EnumerateRunes().Where(IsVisible));

    private static bool IsVisible(Rune rune) => rune.Value is NonJoiner or Joiner || Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned);
}
