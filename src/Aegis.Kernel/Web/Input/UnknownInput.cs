namespace Aegis.Kernel.Web.Input;

/// <summary>Collects unknown members and parameters and refuses them all at once. A misspelt restriction must not be ignored.</summary>
public sealed class UnknownInput
{
    private const int MaxNamed = 50; // limits the size of the response

    private readonly Dictionary<string, List<string>> errors = new(StringComparer.Ordinal);
    private int found;
    private bool isMember;

    public bool Any => found > 0;

    /// <param name="parent">Wire path of the enclosing object; empty for the body.</param>
    /// <param name="name">The name as sent.</param>
    /// <param name="position">Its position in the object, from 1.</param>
    /// <param name="known">The names that the object may have.</param>
    /// <param name="below">Paths of nested members, for a suggestion.</param>
    /// <param name="isConfidential">True when only a name similar to a known one may be repeated.</param>
    /// <param name="sentence">The sentence to use instead of a suggestion.</param>
    /// <param name="hint">A further sentence.</param>
    public void AddMember(
        string parent, string name, int position, IReadOnlyCollection<string> known, IEnumerable<string> below, bool isConfidential,
        string? sentence = null, string? hint = null)
    {
        isMember = true;
        var suffix = hint is null ? "" : $" {hint}";
        if (!Names.MayBeRepeated(name) || (isConfidential && !Names.IsNearly(name, known)))
        {
            Add(parent, $"Member {position} of {(parent.Length == 0 ? "the body" : parent)} is unknown.{suffix}");
            return;
        }

        var path = parent.Length == 0 ? name : $"{parent}.{name}";
        Add(path, sentence ?? $"This member is unknown.{Suggest(Names.Nearest(name, known, below), parent)}{suffix}");
    }

    public void AddParameter(string name, int position, IReadOnlyCollection<string> known)
    {
        if (!Names.MayBeRepeated(name)) Add("", $"Parameter {position} of the query is unknown.");
        else Add(name, $"This parameter is unknown.{Suggest(Names.Nearest(name, known, []), "")}");
    }

    public void Require()
    {
        if (!Any) return;
        var named = errors.Keys.Where(k => k.Length > 0).Order(StringComparer.Ordinal).Select(k => $"'{k}'").ToList();
        var what = named.Count == 0 ? "the unknown input" : string.Join(", ", named);
        var refused = isMember
            ? Refuse.Invalid("unknown_member", $"Correct or remove {what} and send the call again.")
            : Refuse.Invalid("unknown_parameter", $"Correct or remove {what} and send the call again.");
        throw refused.With("errors", errors.ToDictionary(e => e.Key, e => e.Value.ToArray()));
    }

    private void Add(string path, string sentence)
    {
        if (++found > MaxNamed) return;
        if (!errors.TryGetValue(path, out var sentences)) errors[path] = sentences = [];
        sentences.Add(sentence);
    }

    private static string Suggest(string? nearest, string parent) =>
        nearest is null ? "" : $" Did you mean '{(parent.Length == 0 ? nearest : $"{parent}.{nearest}")}'?";
}
